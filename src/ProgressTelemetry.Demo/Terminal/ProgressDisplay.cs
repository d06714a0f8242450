using ProgressTelemetry.Shared.Terminal;
using Spectre.Console;

namespace ProgressTelemetry.Demo.Terminal;

/// <summary>Shows a run in the terminal while its work goes on: live bars where the output is a terminal, plain lines where it is a file or a pipe.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public static async Task<T> ShowAsync<T>(WorkflowRun run, Task<T> work, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi)
        {
            await console.Live(LiveProgressView.Render(run.GetStatus())).StartAsync(display => FollowAsync(run, work, new LiveProgressView(display)));
        }
        else
        {
            await FollowAsync(run, work, new PlainProgressView(output));
        }

        return await work;
    }

    private static async Task FollowAsync(WorkflowRun run, Task work, IProgressView view)
    {
        while (!work.IsCompleted)
        {
            view.Update(run.GetStatus());
            await Task.WhenAny(work, Task.Delay(Interval));
        }

        view.Update(run.GetStatus());
    }
}
