using Hangfire;

namespace ProgressTelemetry.NativeEngines.Tests.Hangfire;

/// <summary>The jobs of the tests.</summary>
public sealed class Etl
{
    public static Task PrepareAsync(string test) => Gate.PassAsync(test, "prepare");

    public static Task LoadAsync(string test, string part) => Gate.PassAsync(test, $"load {part}");

    public static void Report(string test) => ArgumentNullException.ThrowIfNull(test);

    [AutomaticRetry(Attempts = 1, DelaysInSeconds = [1])]
    public static async Task FlakyAsync(string test, int retryCount, CancellationToken cancellationToken)
    {
        var attempt = Attempts.Next(test);
        await Gate.PassAsync(test, $"attempt {attempt}").WaitAsync(cancellationToken);
        if (attempt <= retryCount)
        {
            throw new FormatException("flaky");
        }
    }

    /// <summary>The job itself tells more than Hangfire knows.</summary>
    public static void Detailed(string test)
    {
        ArgumentNullException.ThrowIfNull(test);
        WorkflowStage.Current!.RecordItems("record", 7);
    }
}
