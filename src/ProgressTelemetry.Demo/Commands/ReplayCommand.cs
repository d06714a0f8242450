using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ProgressTelemetry.Demo.Hosting;
using ProgressTelemetry.Demo.Replay;
using ProgressTelemetry.Demo.Terminal;
using ProgressTelemetry.Replay.Formats;
using ProgressTelemetry.Replay.Play;
using ProgressTelemetry.Shared.Terminal;

namespace ProgressTelemetry.Demo.Commands;

/// <summary><c>replay</c>: plays a recorded event stream through the tracker, on the recording's own clock.</summary>
internal sealed class ReplayCommand : Command
{
    private const double MostSpeed = 1_000_000;

    private readonly Func<WebApplicationBuilder, WebApplication> _buildApp;
    private readonly Option<string> _urls = CommonOptions.Urls();
    private readonly Option<FileInfo?> _report = CommonOptions.Report();
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "The recorded run: an event stream (t,event,task,stage,parents), Nextflow's trace.txt, an Argo workflow's status, GitHub Actions' jobs, Jenkins' stages. With --learn, several runs.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _format = new("--format")
    {
        Description = "The format of all files; auto tells it by the content of each.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<FileInfo?> _learn = new("--learn")
    {
        Description = "Replay nothing, but add what FILE and --history teach to this history file, for FileRunHistory to begin with. It is made if it isn't there.",
        HelpName = "HISTORY.json",
    };

    private readonly Option<string[]> _history = new("--history")
    {
        Description = "Earlier runs of the same workflow, in the order in which they ended, newest last; the tracker learns from them before it sees the run.",
        HelpName = "OTHER",
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

    private readonly Option<string?> _workflow = new("--workflow") { Description = "The workflow's name; by default what the recording says, or the file's name.", HelpName = "NAME" };

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
        CommonOptions.InExistingFolder(_learn);
        _format.AcceptOnlyFromAmong([.. Enum.GetNames<TraceFormat>().Select(name => name.ToLowerInvariant())]);
        Validators.Add(CheckTogether);
        Arguments.Add(_files);
        foreach (var option in new Option[] { _format, _history, _learn, _speed, _predictions, _report, _workflow, _stay, _urls })
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
            var format = Enum.Parse<TraceFormat>(arguments.GetRequiredValue(_format), ignoreCase: true);
            var files = arguments.GetRequiredValue(_files).Select(file => TraceFile.Read(file, format)).ToList();
            var earlier = arguments.GetRequiredValue(_history).Select(file => TraceFile.Read(file, format)).ToList();
            foreach (var (file, note) in files.Concat(earlier).SelectMany(trace => trace.Notes.Select(note => (trace.File, note))).DistinctBy(said => said.note))
            {
                await output.Error.WriteLineAsync($"{file}: {note}");
            }

            if (arguments.GetValue(_learn) is { } learn)
            {
                var workflow = arguments.GetValue(_workflow) ?? ReplaySession.NameOf(files[^1]);
                return await HistoryFileWriter.WriteAsync(learn, [.. earlier, .. files], workflow, output, stop) ? ExitCode.Success : ExitCode.Failed;
            }

            var session = new ReplaySession(files[0], earlier, arguments.GetValue(_workflow), speed);
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

    private void CheckTogether(CommandResult result)
    {
        var isLearning = result.GetResult(_learn) is { Implicit: false };
        if (!isLearning && result.GetResult(_files)?.Tokens.Count > 1)
        {
            result.AddError("One FILE is replayed at a time; earlier runs go to --history, and several runs to --learn.");
        }

        foreach (var option in isLearning ? new Option[] { _speed, _predictions, _report, _stay, _urls } : [])
        {
            if (result.GetResult(option) is { Implicit: false })
            {
                result.AddError($"{option.Name} goes with a replay, not with --learn.");
            }
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
