using System.Globalization;
using ProgressTelemetry.Replay;
using ProgressTelemetry.Replay.Play;

namespace ProgressTelemetry.Shared.Terminal;

/// <summary>What a replay showed, for the terminal: how the run ended, and what was predicted beside what came.</summary>
internal static class ReplaySummary
{
    public static void Write(ReplaySession session, WorkflowStatus status, TextWriter output)
    {
        var trace = session.Trace;
        var parts = (string[])
        [
            string.Create(CultureInfo.InvariantCulture, $"{status.CompletedTasks} of {trace.Tasks} tasks in {trace.Stages.Count} stages"),
            .. Count(status.Performance.FailedTasks, "failed"),
            .. Count(status.Performance.SkippedTasks, "skipped"),
            .. Count(trace.Events.Count(e => e.Kind == TraceEventKind.Retry), "retried"),
            string.Create(CultureInfo.InvariantCulture, $"{trace.Duration:0.###} s"),
            status.State.ToString().ToLowerInvariant(),
        ];
        output.WriteLine($"{status.Workflow}: {string.Join(", ", parts)}");
        if (trace.UnfinishedTasks > 0)
        {
            output.WriteLine($"The recording ends with {trace.UnfinishedTasks} tasks unfinished.");
        }

        output.WriteLine("  at   expected total   interval                    error   bottleneck");
        foreach (var p in session.Predictions)
        {
            var error = p.Expected is { } expected && trace.Duration > 0 ? (expected - trace.Duration) / trace.Duration : (double?)null;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{p.Share * 100,3:0} %  {Text(p.Expected),14}   {Text(p.Low),10} to {Text(p.High),-10}  {error,7:+0 %;-0 %;0 %}   {p.Bottleneck}"));
        }
    }

    private static IEnumerable<string> Count(long count, string what) => count > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{count} {what}")] : [];

    private static string Text(double? seconds) => seconds is { } s ? DurationText.Of(TimeSpan.FromSeconds(s)) : "-";
}
