namespace ProgressTelemetry.Benchmarks.Peers;

/// <summary>Prints the one table: scrapes and kept memory, of the SDK alone and of each peer.</summary>
internal static class PeerTable
{
    /// <summary>The cell of a peer that has nothing to measure.</summary>
    public const string Absent = "—";

    public static async Task PrintAsync()
    {
        Console.WriteLine("| | the SDK alone | this exporter | official | prometheus-net | ours / official | ours / prometheus-net |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");

        // The heap first, while nothing else has been on it.
        foreach (var row in await HeapComparison.MeasureAsync().ConfigureAwait(false))
        {
            Console.WriteLine(row);
        }

        // Once without a look at the time, so that every method is compiled for good.
        foreach (var kind in Enum.GetValues<SeriesKind>())
        {
            await MeasureAsync(new SeriesSet(kind, 1_000), ScrapeFormat.All).ConfigureAwait(false);
        }

        SeriesSet[] sets =
        [
            new(SeriesKind.Counters, 1_000), new(SeriesKind.Counters, 10_000), new(SeriesKind.Counters, 100_000),
            new(SeriesKind.Gauges, 10_000), new(SeriesKind.Histograms, 10_000), new(SeriesKind.ExponentialHistograms, 1_000),
        ];
        foreach (var set in sets)
        {
            foreach (var row in await MeasureAsync(set, ScrapeFormat.All).ConfigureAwait(false))
            {
                Console.WriteLine(row);
            }
        }
    }

    public static string Row(params IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    public static string Cell(Contestant? contestant) => contestant is null
        ? Absent
        : FormattableString.Invariant($"{contestant.Milliseconds:N2} ms, {contestant.Allocated / 1024.0:N0} KB{(contestant.Bytes == 0 ? "" : FormattableString.Invariant($", {contestant.Bytes / 1024.0:N0} KB"))}");

    public static string Cell(double megabytes) => FormattableString.Invariant($"{megabytes:N1} MB");

    public static string Ratio(Contestant mine, Contestant? theirs) => theirs is null ? Absent : Ratio(mine.Milliseconds / theirs.Milliseconds);

    public static string Ratio(double ratio) => FormattableString.Invariant($"{ratio:N2}");

    private static async Task<IReadOnlyList<string>> MeasureAsync(SeriesSet set, IEnumerable<ScrapeFormat> formats)
    {
        var comparison = new ScrapeComparison(set);
        await using (comparison.ConfigureAwait(false))
        {
            return await comparison.MeasureAsync(formats).ConfigureAwait(false);
        }
    }
}
