namespace ProgressTelemetry.Model;

/// <summary>What is known of a run when it starts.</summary>
internal sealed record RunPlan
{
    public IReadOnlyList<PlannedStage> Stages { get; init; } = [];

    public IReadOnlyList<Milestone> Milestones { get; init; } = [];

    public long? ExpectedTasks { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    public TimeSpan? StallTimeout { get; init; }
}
