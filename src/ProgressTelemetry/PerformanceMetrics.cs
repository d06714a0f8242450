namespace ProgressTelemetry;

/// <summary>How a run performs so far.</summary>
/// <param name="TaskCount">Tasks that ended.</param>
/// <param name="FailedTasks">Of those, the tasks that failed.</param>
/// <param name="SkippedTasks">Of those, the tasks that were skipped.</param>
/// <param name="Revisions">Times that a stage's work was sent back.</param>
/// <param name="AverageTaskDuration">Mean duration of timed tasks; null without any.</param>
/// <param name="ThroughputPerSecond">Tasks done per second since the run's start, in 1/s, without skipped ones, which are no pace; null at the very start.</param>
/// <param name="WaitTime">Time in declared waits, summed over stages.</param>
public sealed record PerformanceMetrics(
    long TaskCount,
    long FailedTasks,
    long SkippedTasks,
    long Revisions,
    TimeSpan? AverageTaskDuration,
    double? ThroughputPerSecond,
    TimeSpan WaitTime)
{
    /// <summary>Attempts at tasks that failed and were, or could be, followed by another.</summary>
    public long FailedAttempts { get; init; }
}
