using System.CommandLine;
using ProgressTelemetry.Replay.Formats;
using ProgressTelemetry.Replay.Play;
using ProgressTelemetry.Shared.Terminal;

namespace ProgressTelemetry.Tool.Commands;

/// <summary><c>replay</c>: plays a recorded run through a tracker, as fast as it goes, and tells what it would have predicted.</summary>
internal sealed class ReplayCommand : Command
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "The recorded run: an event stream (t,event,task,stage,parents), Nextflow's trace.txt, an Argo workflow's status, GitHub Actions' jobs, Jenkins' stages.",
    };

    private readonly Option<string[]> _history = new("--history")
    {
        Description = "Earlier runs of the same workflow, in the order in which they ended; the tracker learns from them first.",
        HelpName = "OTHER",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    public ReplayCommand()
        : base("replay", "Replay a recorded run and tell what would have been predicted, beside what came.")
    {
        Arguments.Add(_file);
        Options.Add(_history);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        try
        {
            var session = new ReplaySession(
                TraceFile.Read(arguments.GetRequiredValue(_file), TraceFormat.Auto),
                [.. arguments.GetRequiredValue(_history).Select(file => TraceFile.Read(file, TraceFormat.Auto))],
                workflow: null,
                speed: null);
            using var tracker = new ProgressTracker(session.Configure(new ProgressTrackingOptions()), session.Clock, history: await session.LearnAsync(stop));
            var run = session.Start(tracker);
            await session.ReplayAsync(run, stop);
            ReplaySummary.Write(session, run.GetStatus(), output);
            return ExitCode.Success;
        }
        catch (TraceFormatException e)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCode.BadUsage;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }
}
