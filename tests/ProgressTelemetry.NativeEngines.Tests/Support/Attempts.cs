using System.Collections.Concurrent;

namespace ProgressTelemetry.NativeEngines.Tests.Support;

/// <summary>Counts how often a test's work was tried.</summary>
internal static class Attempts
{
    private static readonly ConcurrentDictionary<string, int> Counts = new(StringComparer.Ordinal);

    /// <returns>From 1.</returns>
    public static int Next(string test) => Counts.AddOrUpdate(test, 1, (_, count) => count + 1);
}
