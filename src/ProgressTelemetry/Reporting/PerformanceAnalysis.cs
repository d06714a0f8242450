namespace ProgressTelemetry;

/// <summary>How a run's time was used.</summary>
public sealed record PerformanceAnalysis
{
    /// <summary>Wall-clock time during which something ran.</summary>
    public required TimeSpan BusyTime { get; init; }

    /// <summary>Wall-clock time during which nothing ran although no wait was declared: tasks were not dispatched.</summary>
    public required TimeSpan IdleTime { get; init; }

    /// <summary>Wall-clock time during which the run was in a declared wait and nothing ran.</summary>
    public required TimeSpan WaitingTime { get; init; }

    /// <summary>Timed tasks running at once, on average over <see cref="BusyTime"/>; null without timed tasks.</summary>
    public double? AverageParallelism { get; init; }

    /// <summary>Ended tasks per second since the run's start, in 1/s; null at the very start.</summary>
    public double? ThroughputPerSecond { get; init; }

    /// <summary>Mean duration of timed tasks; null without any.</summary>
    public TimeSpan? AverageTaskDuration { get; init; }

    /// <summary>The run's duration, or its predicted duration while it runs; null while nothing is predicted.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The median duration of the earlier runs that are remembered; null without any.</summary>
    public TimeSpan? TypicalDuration { get; init; }

    /// <summary>How many earlier runs are remembered.</summary>
    public int EarlierRuns { get; init; }
}
