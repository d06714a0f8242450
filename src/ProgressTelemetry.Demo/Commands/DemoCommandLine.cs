using System.CommandLine;
using System.CommandLine.Invocation;

namespace ProgressTelemetry.Demo.Commands;

/// <summary>The demo's commands; without one it serves.</summary>
internal static class DemoCommandLine
{
    /// <summary>How long a command may take to end its runs and answer its last scrape after Ctrl+C.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs the command that the arguments name.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="buildApp">Makes the web app; only called by commands that serve.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, Func<WebApplicationBuilder, WebApplication> buildApp)
    {
        var serve = new ServeCommand(buildApp);
        var root = new RootCommand("Real work with live progress: on a page, at /metrics for Prometheus, and in the terminal. Without a command it serves.")
        {
            serve,
            new CatalogCommand(),
            new ReplayCommand(buildApp),
            new PageCommand(buildApp),
            new WorkerCommand(),
        };
        serve.AlsoAs(root);

        var parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction error)
        {
            // What is wrong stays in sight, on standard error alone; the help is one question away.
            error.ShowHelp = false;
            error.ShowTypoCorrections = false;
        }

        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TerminationTimeout });
        return parsed.Errors.Count > 0 ? ExitCode.BadUsage : exitCode;
    }
}
