using System.Globalization;
using System.Runtime.CompilerServices;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>
/// What this assembly does when it is started as a process of its own by <see cref="FileRunHistoryTests"/>: writes a number of runs to a history, of a workflow of its own and of one that all share,
/// a line per file written.
/// </summary>
internal static class HistoryWriterProcess
{
    public const string PathVariable = "PROGRESS_TEST_HISTORY_WRITER";

    public const string WorkflowVariable = "PROGRESS_TEST_HISTORY_WORKFLOW";

    public const string RunsVariable = "PROGRESS_TEST_HISTORY_RUNS";

    public const int Stages = 500;

#pragma warning disable CA2255 // The test host owns this assembly's Main; an initializer is the one place before it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Write()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is not { Length: > 0 } path)
            return;
        var workflow = Environment.GetEnvironmentVariable(WorkflowVariable)!;
        var runs = int.Parse(Environment.GetEnvironmentVariable(RunsVariable)!, CultureInfo.InvariantCulture);
        using (var history = new FileRunHistory(path))
        {
            for (var i = 1; i <= runs; i++)
            {
                history.Add(workflow, Profiles.Of(i, Stages));
                history.Add("both", Profiles.Of(i));
                history.FlushAsync().GetAwaiter().GetResult();
                Console.Out.WriteLine(i);
                Console.Out.Flush();
            }
        }

        Environment.Exit(0);
    }
}
