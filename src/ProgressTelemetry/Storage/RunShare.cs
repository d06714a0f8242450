namespace ProgressTelemetry;

/// <summary>
/// What one participant did for one run: what a store keeps, so that runs outlive and outspan processes. It never changes: a participant makes a newer one, with a greater <see cref="Sequence"/>, and the newest is all that is
/// needed. A <see cref="JointRun"/> puts those of all participants together.
/// </summary>
public sealed record RunShare
{
    /// <summary>The run's id.</summary>
    public required string RunId { get; init; }

    /// <summary>The workflow's name.</summary>
    public required string Workflow { get; init; }

    /// <summary>Who did it: unique for each time that a process took the run up, so that two processes of one name are two.</summary>
    public required string Participant { get; init; }

    /// <summary>How many runs of this id had ended before: an id may be used again, and what was done for the run before is not this one's.</summary>
    public long Generation { get; init; }

    /// <summary>Grows with each share of the same participant.</summary>
    public required long Sequence { get; init; }

    /// <summary>The process, for people: machine and process id.</summary>
    public string Process { get; init; } = "";

    /// <summary>The start of a process that made it, of which the store hears that it is there (<see cref="IRunStore.TellPresentAsync"/>); null when nobody tells of that.</summary>
    public string? Instance { get; init; }

    /// <summary>The version of the workflow's definition or input.</summary>
    public string? Version { get; init; }

    /// <summary>The id of the run whose task it is.</summary>
    public string? ParentRunId { get; init; }

    /// <summary>The trace id of the participant's span, 32 hexadecimal digits; null when it isn't traced.</summary>
    public string? TraceId { get; init; }

    /// <summary>The span's id, 16 hexadecimal digits.</summary>
    public string? SpanId { get; init; }

    /// <summary>Which attempt at the run this is, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>When the run started, as far as the participant knows.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the participant took it up.</summary>
    public required DateTimeOffset JoinedAt { get; init; }

    /// <summary>When this share was made.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was given to the store, on the participant's clock; null when it has not been. With the age that the store says it has, this tells how far that clock is from another process's.</summary>
    public DateTimeOffset? PutAt { get; init; }

    /// <summary>When there last was progress.</summary>
    public required DateTimeOffset LastProgressAt { get; init; }

    /// <summary>When the participant left the run without ending it; null while it is there.</summary>
    public DateTimeOffset? LeftAt { get; init; }

    /// <summary>When the run ended; null while it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended; null while it has not.</summary>
    public WorkflowResult? Result { get; init; }

    /// <summary>The <c>error.type</c> of a run that failed.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Where the run stood, as the participant saw it.</summary>
    public WorkflowState State { get; init; } = WorkflowState.Running;

    /// <summary>When the run should have ended.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Silence longer than this is a stall, s; null when the run can't stall.</summary>
    public double? StallThresholdSeconds { get; init; }

    /// <summary>Whether stages may come of which nobody could tell.</summary>
    public bool IsOpenEnded { get; init; }

    /// <summary>Tasks declared for the whole run; null when none were.</summary>
    public long? DeclaredTasks { get; init; }

    /// <summary>Seconds in which the participant ran it.</summary>
    public double RanSeconds { get; init; }

    /// <summary>Of those, what it spent in declared waits while nothing ran, s.</summary>
    public double WaitedSeconds { get; init; }

    /// <summary>Of those, what it spent idle, s.</summary>
    public double IdleSeconds { get; init; }

    /// <summary>Of those, what was lost to stalls, s.</summary>
    public double LostSeconds { get; init; }

    /// <summary>The longest time without progress, s.</summary>
    public double LongestSilenceSeconds { get; init; }

    /// <summary>The stages, in order.</summary>
    public IReadOnlyList<StageShare> Stages { get; init; } = [];

    /// <summary>The milestones, reached or to come.</summary>
    public IReadOnlyList<MilestoneStatus> Milestones { get; init; } = [];

    /// <summary>Until when the participant ran it.</summary>
    internal DateTimeOffset RanUntil => JoinedAt.UtcTicks + (RanSeconds * TimeSpan.TicksPerSecond) < DateTime.MaxValue.Ticks ? JoinedAt.AddSeconds(RanSeconds) : DateTimeOffset.MaxValue;

    /// <summary>Whether the numbers are ones that a run can have: what was read from a store may be anything.</summary>
    internal bool IsValid => Checked.IsName(RunId) && Checked.IsName(Workflow) && Participant is { Length: > 0 } && Process is not null && Generation >= 0 && Attempt >= 1
        && DeclaredTasks is null or >= 0 and <= Checked.MaxCount
        && StageProfile.IsTime(RanSeconds) && StageProfile.IsTime(WaitedSeconds) && StageProfile.IsTime(IdleSeconds) && StageProfile.IsTime(LostSeconds) && StageProfile.IsTime(LongestSilenceSeconds)
        && StageProfile.IsTime(StallThresholdSeconds ?? 0)
        && Stages is not null && Stages.All(stage => stage is { IsValid: true }) && Stages.DistinctBy(stage => stage.Name).Count() == Stages.Count
        && Milestones is not null && Milestones.All(milestone => milestone is { CompletionRatio: > 0 and <= 1 } && Checked.IsName(milestone.Name));
}
