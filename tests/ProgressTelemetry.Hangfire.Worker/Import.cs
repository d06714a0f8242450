using Hangfire;
using Hangfire.Server;

namespace ProgressTelemetry.HangfireWorker;

/// <summary>The jobs: one, a few that follow it, each on one of the two servers, one more after one of those.</summary>
public static class Import
{
    public static void Prepare() => Printer.Print("did prepare");

    /// <summary>The first attempt at part 0 fails.</summary>
    [AutomaticRetry(Attempts = 1, DelaysInSeconds = [0])]
    public static void Load(int part, PerformContext? context)
    {
        if (part == 0 && context!.GetJobParameter<int>("RetryCount") == 0)
        {
            throw new FormatException("flaky");
        }

        Printer.Print($"did load {part}");
    }

    public static void Report() => Printer.Print("did report");
}
