using System.Globalization;
using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Reporting;

/// <summary>The performance analysis as a table of names and values, none for what isn't known.</summary>
internal static class PerformanceRows
{
    public static IEnumerable<(string What, string Value)> Of(ProgressReport report)
    {
        var (performance, counts) = (report.Performance, report.Status.Performance);
        var elapsed = report.Status.Elapsed;
        yield return ("Something ran", Part(performance.BusyTime));
        yield return ("Idle: nothing ran, nothing waited", Part(performance.IdleTime));
        yield return ("Nothing but declared waits", Part(performance.WaitingTime));
        if (performance.AverageParallelism is { } parallelism)
        {
            yield return ("Tasks at once", parallelism.ToString("0.0", CultureInfo.InvariantCulture));
        }

        if (performance.AverageTaskDuration is { } task)
        {
            yield return ("Mean task", Duration(task));
        }

        if (performance.ThroughputPerSecond is { } throughput)
        {
            yield return ("Throughput", Rate(throughput));
        }

        if (counts.FailedTasks + counts.SkippedTasks > 0)
        {
            yield return ("Failed, skipped tasks", $"{Number(counts.FailedTasks)}, {Number(counts.SkippedTasks)}");
        }

        if (counts.FailedAttempts > 0)
        {
            yield return ("Failed attempts at tasks", Number(counts.FailedAttempts));
        }

        if (report.Status.Attempt > 1)
        {
            yield return ("Attempts at the run", Number(report.Status.Attempt));
        }

        if (counts.Revisions > 0)
        {
            yield return ("Revisions", Number(counts.Revisions));
        }

        if (performance.TypicalDuration is { } typical)
        {
            yield return (performance.EarlierRuns == 1 ? "The earlier run" : $"Median of {performance.EarlierRuns} earlier runs", Duration(typical));
        }

        string Part(TimeSpan time) => elapsed > TimeSpan.Zero ? $"{Duration(time)} ({Percent(time / elapsed)})" : Duration(time);
    }

    private static string Rate(double perSecond) => perSecond switch
    {
        >= 1 => $"{perSecond.ToString("N1", CultureInfo.InvariantCulture)} tasks/s",
        >= 1d / 60 => $"{(perSecond * 60).ToString("0.0", CultureInfo.InvariantCulture)} tasks/min",
        _ => $"{(perSecond * 3600).ToString("0.0", CultureInfo.InvariantCulture)} tasks/h",
    };
}
