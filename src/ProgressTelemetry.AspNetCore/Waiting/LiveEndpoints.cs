using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using ProgressTelemetry.AspNetCore.Endpoints;

namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>One run for whoever has a token for it: as JSON, and as server-sent events until it ends, the token expires, or the host stops.</summary>
internal sealed class LiveEndpoints(ProgressTokens tokens, IRunReader reader, RunFeed feed, TimeProvider clock, CancellationToken stopping)
{
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(2);

    public Task ShowAsync(HttpContext context)
    {
        if (!TryRead(context, out var scope, out _))
        {
            return Refusal.WriteAsync(context);
        }

        Body.Prepare(context, "application/json; charset=utf-8");
        return Body.WriteAsync(context, Encoding.UTF8.GetBytes(LiveFrame.Read(reader, scope, clock.GetUtcNow()).Json));
    }

    public Task FollowAsync(HttpContext context)
    {
        if (!TryRead(context, out var scope, out var expires))
        {
            return Refusal.WriteAsync(context);
        }

        ResponseHeaders.Protect(context.Response);
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(EventsAsync(context, scope, expires, context.RequestAborted)).ExecuteAsync(context);
    }

    private bool TryRead(HttpContext context, out ProgressScope scope, out DateTimeOffset expires)
    {
        if (tokens.TryRead(context.Request.RouteValues["token"] as string, out var read, out expires) && read.Kind is ScopeKind.Run or ScopeKind.Workflow)
        {
            scope = read;
            return true;
        }

        scope = null!;
        return false;
    }

    private async IAsyncEnumerable<SseItem<string>> EventsAsync(
        HttpContext context, ProgressScope scope, DateTimeOffset expires, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = expires - clock.GetUtcNow();
        using var expiry = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping, expiry.Token);
        var watch = feed.Join(scope);
        try
        {
            // The next event is asked for when the one before has been written: a reader that takes nothing keeps that from happening.
            using var stuck = clock.CreateTimer(static c => ((HttpContext)c!).Abort(), context, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            LiveFrame? seen = null;
            while (await NextAsync(watch, seen, over.Token) is { } frame)
            {
                // A workflow's current run may be followed by another.
                var isLast = frame.IsEnded && scope.Kind == ScopeKind.Run;
                stuck.Change(EventStreamEndpoint.WriteLimit, Timeout.InfiniteTimeSpan);
                yield return new SseItem<string>(frame.Json, isLast ? "ended" : "progress") { ReconnectionInterval = seen is null ? ReconnectAfter : null };
                stuck.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                seen = frame;
                if (isLast)
                {
                    break;
                }
            }
        }
        finally
        {
            feed.Leave(watch);
        }
    }

    /// <summary>The next frame; null when the reader has left, the token has expired or the host stops: the ordinary ends of a stream.</summary>
    private static async ValueTask<LiveFrame?> NextAsync(RunWatch watch, LiveFrame? seen, CancellationToken over)
    {
        try
        {
            return await watch.NextAsync(seen, over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return null;
        }
    }
}
