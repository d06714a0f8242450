using System.Runtime.CompilerServices;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>
/// What this assembly does when it is started as a process of its own by <see cref="FileRunHistoryTests"/>: writes a history without pause
/// until it is killed, a line per file written.
/// </summary>
internal static class HistoryWriterProcess
{
    public const string PathVariable = "PROGRESS_TEST_HISTORY_WRITER";

    public const int Stages = 500;

#pragma warning disable CA2255 // The test host owns this assembly's Main; an initializer is the one place before it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void WriteUntilKilled()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is not { Length: > 0 } path)
            return;
        using var history = new FileRunHistory(path);
        for (var i = 1; ; i++)
        {
            history.Add("w", Profiles.Of(i, Stages));
            history.FlushAsync().GetAwaiter().GetResult();
            Console.Out.WriteLine(i);
            Console.Out.Flush();
        }
    }
}
