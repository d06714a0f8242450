using System.Diagnostics;

namespace ProgressTelemetry.Benchmarks.Peers;

/// <summary>One peer's scrapes in one format, and the least that one of them took: what else the machine does only ever adds to it.</summary>
internal sealed class Contestant(Func<Stream, Task> scrape, long bytes)
{
    public long Bytes => bytes;

    public double Milliseconds { get; private set; } = double.MaxValue;

    public long Allocated { get; private set; } = long.MaxValue;

    public async Task RunAsync()
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await scrape(Stream.Null).ConfigureAwait(false);
        Milliseconds = Math.Min(Milliseconds, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        Allocated = Math.Min(Allocated, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }
}
