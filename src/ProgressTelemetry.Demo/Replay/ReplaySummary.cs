using System.Globalization;
using ProgressTelemetry.Demo.Terminal;
using ProgressTelemetry.Replay;
using ProgressTelemetry.Replay.Play;

namespace ProgressTelemetry.Demo.Replay;

/// <summary>What a replay showed, for the terminal: how the run ended, and what was predicted beside what came.</summary>
internal static class ReplaySummary
{
    public static void Write(ReplaySession session, WorkflowStatus status, TextWriter output)
    {
        var trace = session.Trace;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{status.Workflow}: {status.CompletedTasks} of {trace.StartedTasks} tasks in {trace.Stages.Count} stages, {trace.Duration:0.###} s, {status.State.ToString().ToLowerInvariant()}"));
        if (trace.CompletedTasks < trace.StartedTasks)
        {
            output.WriteLine($"The recording ends with {trace.StartedTasks - trace.CompletedTasks} tasks unfinished.");
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

    private static string Text(double? seconds) => seconds is { } s ? DurationText.Of(TimeSpan.FromSeconds(s)) : "-";
}
