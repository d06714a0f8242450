namespace ProgressTelemetry.Model;

/// <summary>What is known of a run when it starts.</summary>
internal sealed record RunPlan
{
    public IReadOnlyList<PlannedStage> Stages { get; init; } = [];

    public IReadOnlyList<Milestone> Milestones { get; init; } = [];

    public long? ExpectedTasks { get; init; }

    /// <summary>Whether the total is of a whole of which this process does a part.</summary>
    public bool IsShared { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    public TimeSpan? StallTimeout { get; init; }
}
