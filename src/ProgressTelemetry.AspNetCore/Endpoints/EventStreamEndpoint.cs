using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ProgressTelemetry.AspNetCore.Live;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>A page of the runs as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), until the reader leaves, takes nothing any more, or the host stops.</summary>
internal sealed class EventStreamEndpoint(ProgressFeed feed, TimeProvider clock, CancellationToken stopping)
{
    /// <summary>A silent connection gets a comment, so that proxies keep it and a reader that is gone is noticed.</summary>
    internal static readonly TimeSpan HeartbeatAfter = TimeSpan.FromSeconds(10);

    /// <summary>A reader that takes nothing for so long is cut off.</summary>
    internal static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(30);

    private static readonly byte[] Retry = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] Heartbeat = ": heartbeat\n\n"u8.ToArray();

    public async Task HandleAsync(HttpContext context)
    {
        RunsRequest request;
        try
        {
            request = RunsRequest.Parse(context.Request.Query);
        }
        catch (BadHttpRequestException error)
        {
            await Body.WriteBadQueryAsync(context, error);
            return;
        }

        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-store, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        ResponseHeaders.Protect(response);
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();

        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        using var client = feed.Connect(request);
        try
        {
            await WriteAsync(response, Retry, over.Token);
            while (await WaitForFrameAsync(client, response, over.Token))
            {
                while (client.Frames.TryRead(out var frame))
                {
                    await WriteAsync(response, frame, over.Token);
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The reader has left or the host stops: the ordinary ends of a stream.
        }
        catch (TimeoutException)
        {
            context.Abort();
        }
    }

    private async Task<bool> WaitForFrameAsync(FeedClient client, HttpResponse response, CancellationToken over)
    {
        var waiting = client.Frames.WaitToReadAsync(over).AsTask();
        while (true)
        {
            try
            {
                return await waiting.WaitAsync(HeartbeatAfter, clock, over);
            }
            catch (TimeoutException)
            {
                await WriteAsync(response, Heartbeat, over);
            }
        }
    }

    /// <exception cref="TimeoutException">The reader has taken nothing for <see cref="WriteLimit"/>.</exception>
    private async Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> bytes, CancellationToken over)
    {
        // Waits while the connection is full: meanwhile the client's one frame is replaced by newer ones.
        using var limit = new CancellationTokenSource(WriteLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, limit.Token);
        try
        {
            await response.Body.WriteAsync(bytes, either.Token);
            await response.Body.FlushAsync(either.Token);
        }
        catch (OperationCanceledException error) when (limit.IsCancellationRequested && !over.IsCancellationRequested)
        {
            throw new TimeoutException("The reader of the events takes nothing any more.", error);
        }
    }
}
