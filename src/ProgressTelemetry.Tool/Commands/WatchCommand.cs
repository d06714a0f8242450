using System.CommandLine;
using ProgressTelemetry.Shared.Terminal;
using ProgressTelemetry.Tool.Client;
using ProgressTelemetry.Tool.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ProgressTelemetry.Tool.Commands;

/// <summary><c>watch</c>: one run until it ends, or all runs until Ctrl+C.</summary>
internal sealed class WatchCommand : Command
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(.5);

    private readonly ToolOptions _tool = new();
    private readonly TimeProvider _clock;

    private readonly Argument<string?> _run = new("RUN")
    {
        Description = "The id of the run to follow until it ends; without it, all runs are followed until Ctrl+C.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _patience = new("--patience")
    {
        Description = "For how many seconds to try again when the application can't be reached.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
    };

    public WatchCommand(TimeProvider clock)
        : base("watch", "Follow the runs of an application: live bars in a terminal, plain lines in a file or a pipe.")
    {
        _clock = clock;
        _tool.AddTo(this);
        Arguments.Add(_run);
        Options.Add(_patience);
        _patience.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 86_400)
            {
                result.AddError("--patience: a whole number from 0 to 86400.");
            }
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        var client = _tool.Connect(arguments);
        var following = new Following(TimeSpan.FromSeconds(arguments.GetValue(_patience)), _clock, error);
        try
        {
            if (arguments.GetValue(_run) is not { Length: > 0 } runId)
            {
                await ShowAsync(output, new Text("no runs"), display => FollowAllAsync(client, following, display, output, stop));
                return ExitCode.Success;
            }

            // Asked once before anything is drawn: what is wrong now will not get better.
            if (await client.GetRunAsync(runId, stop) is not { } run)
            {
                return await UnknownAsync(runId, error);
            }

            var last = await ShowAsync(output, LiveProgressView.Render(run), display => FollowAsync(client, runId, run, following, display, output, stop));
            if (last is null)
            {
                return await UnknownAsync(runId, error);
            }

            await output.WriteLineAsync(PlainRunsView.End(last));
            return ExitCode.Of(last.State);
        }
        catch (NoAnswerException no)
        {
            await error.WriteLineAsync(no.Message);
            return ExitCode.NoAnswer;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    private async Task<WorkflowStatus?> FollowAsync(
        ProgressClient client, string runId, WorkflowStatus run, Following following, LiveDisplayContext? display, TextWriter output, CancellationToken stop)
    {
        IProgressView view = display is null ? new PlainProgressView(output) : new LiveProgressView(display);
        while (true)
        {
            view.Update(run);
            if (run.EndedAt is not null)
            {
                return run;
            }

            await Task.Delay(Interval, _clock, stop);
            try
            {
                if (await client.GetRunAsync(runId, stop) is not { } now)
                {
                    return null;
                }

                run = now;
                following.Found();
            }
            catch (NoAnswerException lost)
            {
                await following.LostAsync(lost, stop);
            }
        }
    }

    private static async Task<WorkflowStatus?> FollowAllAsync(ProgressClient client, Following following, LiveDisplayContext? display, TextWriter output, CancellationToken stop)
    {
        var plain = new PlainRunsView(output);
        while (true)
        {
            try
            {
                await foreach (var page in client.FollowAsync(stop))
                {
                    following.Found();
                    if (display is null)
                    {
                        plain.Update(page);
                    }
                    else
                    {
                        display.UpdateTarget(RunsView.Render(page, AnsiConsole.Profile.Width));
                    }
                }

                await following.LostAsync(new NoAnswerException("The application has closed the connection", mayComeBack: true), stop);
            }
            catch (NoAnswerException lost)
            {
                await following.LostAsync(lost, stop);
            }
        }
    }

    private static async Task<WorkflowStatus?> ShowAsync(TextWriter output, IRenderable first, Func<LiveDisplayContext?, Task<WorkflowStatus?>> follow)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        return console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi
            ? await console.Live(first).StartAsync(follow)
            : await follow(null);
    }

    private static async Task<int> UnknownAsync(string runId, TextWriter error)
    {
        await error.WriteLineAsync($"No run of the id '{runId}' is live or ended recently.");
        return ExitCode.UnknownRun;
    }
}
