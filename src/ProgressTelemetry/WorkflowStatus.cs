namespace ProgressTelemetry;

/// <summary>A moment's view of one run: consistent in itself, and never changing afterwards.</summary>
public sealed record WorkflowStatus
{
    /// <summary>The run's id.</summary>
    public required string RunId { get; init; }

    /// <summary>The workflow's name.</summary>
    public required string Workflow { get; init; }

    /// <summary>The version of the workflow's definition or input.</summary>
    public string? Version { get; init; }

    /// <summary>The run's trace id, 32 hexadecimal digits; null when it isn't traced.</summary>
    public string? TraceId { get; init; }

    /// <summary>The id of the run whose task it is; null when it stands alone.</summary>
    public string? ParentRunId { get; init; }

    /// <summary>Which attempt at the run this is, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Where the run stands.</summary>
    public required WorkflowState State { get; init; }

    /// <summary>How it ended; null while it has not.</summary>
    public WorkflowResult? Result { get; init; }

    /// <summary>The <c>error.type</c> of a run that failed.</summary>
    public string? ErrorType { get; init; }

    /// <summary>When this view was taken, on the tracker's clock.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>When the run started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Time from its start to its end, or to now.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Since when it is silent: when it last made progress, or when its last declared wait ended, if that was later. While it waits, the last progress.</summary>
    public required DateTimeOffset LastProgressAt { get; init; }

    /// <summary>Silence longer than this is a stall; null when the run can't stall any more.</summary>
    public TimeSpan? StallThreshold { get; init; }

    /// <summary>When it should have ended.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Completion from 0 to 1; null while the number of tasks is unknown.</summary>
    public double? CompletionRatio { get; init; }

    /// <summary>Tasks that are done: those that succeeded, failed or were skipped; not those that were cut off (cancelled, abandoned).</summary>
    public required long CompletedTasks { get; init; }

    /// <summary>Tasks expected, never less than <see cref="CompletedTasks"/>; null while unknown.</summary>
    public long? ExpectedTasks { get; init; }

    /// <summary>When it will end; null while there is nothing to tell it from, and once it has ended.</summary>
    public TimeEstimate? Estimate { get; init; }

    /// <summary>What is slow; null while nothing stands out.</summary>
    public BottleneckStatus? Bottleneck { get; init; }

    /// <summary>The stages that are running now, by name, in order.</summary>
    public IReadOnlyList<string> CurrentStages { get; init; } = [];

    /// <summary>The last milestone reached, by name; null before the first.</summary>
    public string? CurrentMilestone { get; init; }

    /// <summary>All planned and started stages, in order.</summary>
    public IReadOnlyList<StageStatus> Stages { get; init; } = [];

    /// <summary>All milestones, in order of completion.</summary>
    public IReadOnlyList<MilestoneStatus> Milestones { get; init; } = [];

    /// <summary>How the run performs.</summary>
    public required PerformanceMetrics Performance { get; init; }

    /// <summary>Who works, or worked, on it, in the order in which they took it up; empty where runs are not stored.</summary>
    public IReadOnlyList<ParticipantStatus> Participants { get; init; } = [];
}
