using System.Threading.Channels;
using ProgressTelemetry.AspNetCore.Endpoints;

namespace ProgressTelemetry.AspNetCore.Live;

/// <summary>One reader of the feed. It holds at most one frame that has not been read: a newer one takes its place, so a slow reader drops frames and nothing else.</summary>
internal sealed class FeedClient(ProgressFeed feed, RunsRequest request) : IDisposable
{
    private readonly Channel<ReadOnlyMemory<byte>> _latest = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = false });

    /// <summary>Which runs it wants to see.</summary>
    public RunsRequest Request => request;

    /// <summary>Frames as they go over the wire. Completed when the feed ends.</summary>
    public ChannelReader<ReadOnlyMemory<byte>> Frames => _latest.Reader;

    public void Offer(ReadOnlyMemory<byte> frame) => _latest.Writer.TryWrite(frame);

    public void Complete() => _latest.Writer.TryComplete();

    public void Dispose()
    {
        feed.Disconnect(this);
        Complete();
    }
}
