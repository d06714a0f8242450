namespace ProgressTelemetry.AspNetCore.Json;

internal sealed record RunJson
{
    public required string RunId { get; init; }

    public required string Workflow { get; init; }

    public string? Version { get; init; }

    public string? TraceId { get; init; }

    public required WorkflowState State { get; init; }

    public WorkflowResult? Result { get; init; }

    public string? ErrorType { get; init; }

    public required DateTimeOffset AsOf { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required double ElapsedSeconds { get; init; }

    public required DateTimeOffset LastProgressAt { get; init; }

    /// <summary>How long the run has been silent; absent once it has ended.</summary>
    public double? SinceProgressSeconds { get; init; }

    public double? StallThresholdSeconds { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    /// <summary>From the run's end, or its expected end, to its deadline: negative when late; absent without a deadline or anything to compare it with.</summary>
    public double? DeadlineMarginSeconds { get; init; }

    public double? CompletionRatio { get; init; }

    public required long CompletedTasks { get; init; }

    public long? ExpectedTasks { get; init; }

    public EstimateJson? Estimate { get; init; }

    public BottleneckStatus? Bottleneck { get; init; }

    public required IReadOnlyList<string> CurrentStages { get; init; }

    public string? CurrentMilestone { get; init; }

    public required IReadOnlyList<StageJson> Stages { get; init; }

    public required IReadOnlyList<MilestoneStatus> Milestones { get; init; }

    public required PerformanceJson Performance { get; init; }

    public static RunJson From(WorkflowStatus run) => new()
    {
        RunId = run.RunId,
        Workflow = run.Workflow,
        Version = run.Version,
        TraceId = run.TraceId,
        State = run.State,
        Result = run.Result,
        ErrorType = run.ErrorType,
        AsOf = run.AsOf,
        StartedAt = run.StartedAt,
        EndedAt = run.EndedAt,
        ElapsedSeconds = Seconds.Of(run.Elapsed),
        LastProgressAt = run.LastProgressAt,
        SinceProgressSeconds = run.EndedAt is null ? Math.Max(0, Seconds.Of(run.AsOf - run.LastProgressAt)) : null,
        StallThresholdSeconds = Seconds.Of(run.StallThreshold),
        Deadline = run.Deadline,
        DeadlineMarginSeconds = Seconds.Of(DeadlineMargin(run)),
        CompletionRatio = run.CompletionRatio,
        CompletedTasks = run.CompletedTasks,
        ExpectedTasks = run.ExpectedTasks,
        Estimate = run.Estimate is { } estimate ? EstimateJson.From(estimate) : null,
        Bottleneck = run.Bottleneck,
        CurrentStages = run.CurrentStages,
        CurrentMilestone = run.CurrentMilestone,
        Stages = [.. run.Stages.Select(StageJson.From)],
        Milestones = run.Milestones,
        Performance = PerformanceJson.From(run.Performance),
    };

    private static TimeSpan? DeadlineMargin(WorkflowStatus run)
    {
        if (run.Deadline is not { } deadline)
        {
            return null;
        }

        if ((run.EndedAt ?? run.Estimate?.Expected) is { } end)
        {
            return deadline - end;
        }

        // Without an estimate there is still one thing to tell: that the deadline has passed.
        return run.AsOf > deadline ? deadline - run.AsOf : null;
    }
}
