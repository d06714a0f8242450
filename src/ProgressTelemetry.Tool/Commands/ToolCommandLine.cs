using System.CommandLine;
using System.CommandLine.Invocation;

namespace ProgressTelemetry.Tool.Commands;

/// <summary>The tool's commands.</summary>
internal static class ToolCommandLine
{
    /// <summary>Runs the command that the arguments name.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, InvocationConfiguration configuration, TimeProvider? clock = null, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("Follows the runs of an application that has ProgressTelemetry's page.")
        {
            new WatchCommand(clock ?? TimeProvider.System),
            new ReportCommand(),
            new ReplayCommand(),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction error)
        {
            // What is wrong stays in sight, on standard error alone; the help is one question away.
            error.ShowHelp = false;
            error.ShowTypoCorrections = false;
        }

        var exitCode = await parsed.InvokeAsync(configuration, cancellationToken);
        return parsed.Errors.Count > 0 ? ExitCode.BadUsage : exitCode;
    }
}
