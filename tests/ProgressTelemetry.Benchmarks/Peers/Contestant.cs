using System.Diagnostics;

namespace ProgressTelemetry.Benchmarks.Peers;

/// <summary>One peer's scrapes in one format, and what they took.</summary>
internal sealed class Contestant(Func<Stream, Task> scrape, long bytes)
{
    private readonly List<double> _milliseconds = [];
    private readonly List<double> _allocated = [];

    public long Bytes => bytes;

    public double Milliseconds => Median.Of(_milliseconds);

    public double Allocated => Median.Of(_allocated);

    public async Task RunAsync()
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await scrape(Stream.Null).ConfigureAwait(false);
        _milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        _allocated.Add(GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }

    /// <summary>This one's time as a share of another's, round by round: what else the machine did meanwhile fell on both.</summary>
    public double RatioTo(Contestant other) => Median.Of(_milliseconds.Zip(other._milliseconds, (mine, theirs) => mine / theirs));
}
