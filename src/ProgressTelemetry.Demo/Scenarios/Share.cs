using System.Globalization;

namespace ProgressTelemetry.Demo.Scenarios;

/// <summary>One process's share of a run's tasks: the <paramref name="Index"/>th of <paramref name="Count"/>, from 1.</summary>
internal sealed record Share(int Index, int Count)
{
    public const int MostProcesses = 100;

    /// <summary>Reads a share written as <c>I/N</c>; null when it isn't one.</summary>
    public static Share? Parse(string text) =>
        text.Split('/') is [var index, var count]
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        && i >= 1 && i <= n && n <= MostProcesses
            ? new Share(i, n)
            : null;

    public bool Has(int task) => task % Count == Index - 1;
}
