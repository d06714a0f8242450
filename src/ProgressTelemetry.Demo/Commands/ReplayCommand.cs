using System.CommandLine;
using System.Globalization;
using ProgressTelemetry.Demo.Hosting;
using ProgressTelemetry.Demo.Replay;
using ProgressTelemetry.Demo.Terminal;
using ProgressTelemetry.Replay.Formats;
using ProgressTelemetry.Replay.Play;

namespace ProgressTelemetry.Demo.Commands;

/// <summary><c>replay</c>: plays a recorded event stream through the tracker, on the recording's own clock.</summary>
internal sealed class ReplayCommand : Command
{
    private const double MostSpeed = 1_000_000;

    private readonly Func<WebApplicationBuilder, WebApplication> _buildApp;
    private readonly Option<string> _urls = CommonOptions.Urls();
    private readonly Option<FileInfo?> _report = CommonOptions.Report();
    private readonly Argument<string> _trace = new("TRACE.csv") { Description = "The event stream: t,event,task,stage,parents (t in seconds, event start or complete, parents task ids with spaces)." };

    private readonly Option<string[]> _history = new("--history")
    {
        Description = "Traces of earlier runs of the same workflow, oldest first; the tracker learns from them before it sees the trace.",
        HelpName = "OTHER.csv",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _speed = new("--speed")
    {
        Description = "How many times faster than it was recorded, with the page and /metrics meanwhile; or 'max' for as fast as it goes, without them.",
        HelpName = "N|max",
        DefaultValueFactory = _ => "max",
    };

    private readonly Option<FileInfo?> _predictions = new("--predictions")
    {
        Description = "Write what the tracker predicted at 10, 20 .. 90 % of the run: share,t_s,expected_s,low_s,high_s,bottleneck.",
        HelpName = "OUT.csv",
    };

    private readonly Option<string?> _workflow = new("--workflow") { Description = "The workflow's name; by default the trace's file name.", HelpName = "NAME" };

    private readonly Option<bool> _stay = new("--stay") { Description = "With --speed N, go on serving when the replay is over, until Ctrl+C." };

    public ReplayCommand(Func<WebApplicationBuilder, WebApplication> buildApp)
        : base("replay", "Replay a recorded event stream through the tracker, on the recording's own clock.")
    {
        _buildApp = buildApp;
        _speed.Validators.Add(result =>
        {
            if (!TrySpeed(result.GetValueOrDefault<string>() ?? "", out _))
            {
                result.AddError($"--speed: it must be 'max' or a number over 0 and up to {MostSpeed:0}.");
            }
        });
        _workflow.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && (string.IsNullOrWhiteSpace(name) || name.Length > 200))
            {
                result.AddError("--workflow: a name has 1 to 200 characters.");
            }
        });
        CommonOptions.InExistingFolder(_predictions);
        Arguments.Add(_trace);
        foreach (var option in new Option[] { _history, _speed, _predictions, _report, _workflow, _stay, _urls })
        {
            Options.Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var output = new Output(arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        TrySpeed(arguments.GetRequiredValue(_speed), out var speed);
        try
        {
            var session = new ReplaySession(
                TraceReader.ReadFile(arguments.GetRequiredValue(_trace)),
                [.. arguments.GetRequiredValue(_history).Select(TraceReader.ReadFile)],
                arguments.GetValue(_workflow),
                speed);
            var history = await session.LearnAsync(stop);
            return speed is null
                ? await ReplayAtOnceAsync(session, history, arguments, output, stop)
                : await ReplayAndServeAsync(session, history, arguments, output, stop);
        }
        catch (TraceFormatException e)
        {
            await output.Error.WriteLineAsync(e.Message);
            return ExitCode.BadUsage;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await output.Error.WriteLineAsync("cancelled");
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await output.Error.WriteLineAsync($"cannot write: {e.Message}");
            return ExitCode.Failed;
        }
    }

    private async Task<int> ReplayAtOnceAsync(ReplaySession session, IRunHistory history, ParseResult arguments, Output output, CancellationToken stop)
    {
        using var tracker = new ProgressTracker(session.Configure(new ProgressTrackingOptions()), session.Clock, history: history);
        var run = session.Start(tracker);
        await session.ReplayAsync(run, stop);
        await FinishAsync(session, run, arguments, output);
        return ExitCode.Success;
    }

    private Task<int> ReplayAndServeAsync(ReplaySession session, IRunHistory history, ParseResult arguments, Output output, CancellationToken stop)
    {
        var builder = DemoHost.CreateBuilder(arguments.GetRequiredValue(_urls));
        builder.Services.AddSingleton<TimeProvider>(session.Clock);
        builder.Services.AddSingleton(history);
        builder.Services.Configure<ProgressTrackingOptions>(o => session.Configure(o));
        var app = _buildApp(builder);
        return DemoHost.RunAsync(
            app,
            async stop =>
            {
                var tracker = app.Services.GetRequiredService<ProgressTracker>();
                var run = session.Start(tracker);
                await ProgressDisplay.ShowAsync(run, ReplayedAsync(session, run, stop), output.Out);
                await FinishAsync(session, run, arguments, output);
                if (arguments.GetValue(_stay))
                {
                    await session.KeepGoingAsync(stop);
                }

                return ExitCode.Success;
            },
            output,
            stop);
    }

    private static async Task<bool> ReplayedAsync(ReplaySession session, WorkflowRun run, CancellationToken stop)
    {
        await session.ReplayAsync(run, stop);
        return true;
    }

    private async Task FinishAsync(ReplaySession session, WorkflowRun run, ParseResult arguments, Output output)
    {
        ReplaySummary.Write(session, run.GetStatus(), output.Out);
        if (arguments.GetValue(_predictions) is { } predictions)
        {
            await PredictionFile.WriteAsync(predictions, session.Predictions);
        }

        if (arguments.GetValue(_report) is { } report)
        {
            await ReportFile.WriteAsync(report, run.GetReport());
        }
    }

    private static bool TrySpeed(string text, out double? speed)
    {
        speed = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
        return text == "max" || speed is > 0 and <= MostSpeed;
    }
}
