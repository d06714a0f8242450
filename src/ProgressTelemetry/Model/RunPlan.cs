namespace ProgressTelemetry.Model;

/// <summary>What is known of a run when it starts.</summary>
internal sealed record RunPlan
{
    public IReadOnlyList<PlannedStage> Stages { get; init; } = [];

    public IReadOnlyList<Milestone> Milestones { get; init; } = [];

    /// <summary>Whether the run is stored: then what is to be told once over all processes is claimed before (<see cref="EffectKind.Due"/>).</summary>
    public bool IsStored { get; init; }

    public long? ExpectedTasks { get; init; }

    /// <summary>Whether the total is of a whole of which this process does a part.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether stages may come of which nobody can tell now.</summary>
    public bool IsOpenEnded { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    public TimeSpan? StallTimeout { get; init; }

    /// <summary>The same where another process left the run: what is not said anew stays.</summary>
    public RunPlan GoingOnWith(RunShare? before) => before is null ? this : this with
    {
        IsOpenEnded = IsOpenEnded || before.IsOpenEnded,
        Deadline = Deadline ?? before.Deadline,
        Milestones = Milestones.Count > 0 ? Milestones : [.. before.Milestones.Select(milestone => new Milestone(milestone.Name, milestone.CompletionRatio))],
    };
}
