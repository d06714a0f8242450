namespace ProgressTelemetry.AspNetCore.Json;

internal sealed record PerformanceJson(
    long TaskCount,
    long FailedTasks,
    long SkippedTasks,
    long Revisions,
    double? AverageTaskDurationSeconds,
    double? ThroughputPerSecond,
    double WaitTimeSeconds)
{
    public static PerformanceJson From(PerformanceMetrics metrics) => new(
        metrics.TaskCount,
        metrics.FailedTasks,
        metrics.SkippedTasks,
        metrics.Revisions,
        Seconds.Of(metrics.AverageTaskDuration),
        metrics.ThroughputPerSecond,
        Seconds.Of(metrics.WaitTime));
}
