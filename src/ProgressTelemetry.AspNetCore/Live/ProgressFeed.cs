using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ProgressTelemetry.AspNetCore.Endpoints;

namespace ProgressTelemetry.AspNetCore.Live;

/// <summary>
/// Turns what a tracker does into frames for all connected readers. Progress only marks the feed as changed; one loop, which runs only while somebody reads, makes frames of it at a bounded pace: one for all readers that want to see the same.
/// </summary>
#pragma warning disable CA1001 // The token source has no timer and no wait handle, so there is nothing to dispose of.
internal sealed partial class ProgressFeed(ProgressTracker tracker, Func<IRunReader, Func<RunsRequest, Frame>> beginFrames, TimeProvider clock, ILogger logger)
#pragma warning restore CA1001
{
    /// <summary>The shortest time between two frames.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    /// <summary>While runs are active, their counts, times and estimates move although nothing tells of it.</summary>
    internal static readonly TimeSpan ActiveRefresh = TimeSpan.FromSeconds(1);

    /// <summary>Otherwise ended runs leave the page, and readers learn that the connection still works.</summary>
    internal static readonly TimeSpan IdleRefresh = TimeSpan.FromSeconds(20);

    /// <summary>Making frames takes at most a fifth of one core, and no reader is sent more than this a second.</summary>
    internal const double MostBytesPerSecond = 1024 * 1024;

    internal const string LogCategory = "ProgressTelemetry.AspNetCore";

    private static readonly ConditionalWeakTable<ProgressTracker, ProgressFeed> Feeds = [];

    private readonly Lock _gate = new();
    private ImmutableArray<FeedClient> _clients = [];
    private CancellationTokenSource? _loop;
    private volatile bool _changed;

    /// <summary>The readers that are connected.</summary>
    internal int Clients => _clients.Length;

    /// <summary>The one feed of a tracker, however many pages show it. Its pace is that of real time, also when the tracker runs on a driven clock.</summary>
    public static ProgressFeed For(ProgressTracker tracker, ILoggerFactory loggers) =>
        Feeds.GetValue(tracker, t => new ProgressFeed(t, Frame.Begin, TimeProvider.System, loggers.CreateLogger(LogCategory)));

    public FeedClient Connect(RunsRequest request)
    {
        var client = new FeedClient(this, request);
        lock (_gate)
        {
            _clients = _clients.Add(client);
            _changed = true;
            if (_loop is null)
            {
                var loop = _loop = new CancellationTokenSource();

                // The loop outlives the request that starts it, so it must not carry that request's Activity or other context.
                using (ExecutionContext.SuppressFlow())
                {
                    _ = Task.Run(() => RunAsync(loop));
                }
            }
        }

        return client;
    }

    internal void Disconnect(FeedClient client)
    {
        CancellationTokenSource? unread = null;
        lock (_gate)
        {
            _clients = _clients.Remove(client);
            if (_clients.IsEmpty)
            {
                (unread, _loop) = (_loop, null);
            }
        }

        unread?.Cancel();
    }

    private async Task RunAsync(CancellationTokenSource loop)
    {
        try
        {
            await MakeFramesAsync(loop.Token);
        }
        catch (OperationCanceledException) when (loop.IsCancellationRequested)
        {
            // Nobody reads any more.
        }
        catch (Exception error)
        {
            LogFailed(error);
            Abandon(loop);
        }
    }

    private async Task MakeFramesAsync(CancellationToken unread)
    {
        using var subscription = tracker.Subscribe(new ChangeListener(this));
        using var timer = new PeriodicTimer(Tick, clock);
        var refreshAt = TimeSpan.Zero;
        var notBefore = TimeSpan.Zero;
        var begin = clock.GetTimestamp();
        do
        {
            var now = clock.GetElapsedTime(begin);
            if (now < notBefore || (!_changed && now < refreshAt))
            {
                continue;
            }

            // Marked as unchanged before it is read: what changes while the frame is made goes into the next one.
            _changed = false;
            var (longest, hasActiveRuns) = OfferFrames();
            var cost = clock.GetElapsedTime(begin) - now;
            notBefore = now + Max(cost * 5, TimeSpan.FromSeconds(longest / MostBytesPerSecond));
            refreshAt = now + (hasActiveRuns ? ActiveRefresh : IdleRefresh);
        }
        while (await timer.WaitForNextTickAsync(unread));
    }

    private (int Longest, bool HasActiveRuns) OfferFrames()
    {
        var (longest, hasActiveRuns) = (0, false);
        var makeFrame = beginFrames(tracker);
        foreach (var alike in _clients.GroupBy(client => client.Request))
        {
            var frame = makeFrame(alike.Key);
            longest = Math.Max(longest, frame.Bytes.Length);
            hasActiveRuns |= frame.HasActiveRuns;
            foreach (var client in alike)
            {
                client.Offer(frame.Bytes);
            }
        }

        return (longest, hasActiveRuns);
    }

    /// <summary>Readers are let go, so that they connect anew, which starts a new loop.</summary>
    private void Abandon(CancellationTokenSource loop)
    {
        ImmutableArray<FeedClient> left = [];
        lock (_gate)
        {
            if (_loop == loop)
            {
                _loop = null;
                (left, _clients) = (_clients, []);
            }
        }

        foreach (var client in left)
        {
            client.Complete();
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    [LoggerMessage(EventId = 1, EventName = "progress.feed.failed", Level = LogLevel.Error, Message = "Making a frame of the live progress failed; its readers were disconnected and will come back.")]
    private partial void LogFailed(Exception error);

    /// <summary>Told of one thing after the other by the listeners' pump, and never on the threads of the tracked work.</summary>
    private sealed class ChangeListener(ProgressFeed feed) : ProgressListener
    {
        /// <summary>An open page must not slow the work that it shows: counts move at the pace of <see cref="ActiveRefresh"/>.</summary>
        public override bool HearsTasks => false;

        public override void OnRunStarted(WorkflowRun run) => Mark();

        public override void OnRunEnded(WorkflowRun run, WorkflowStatus final) => Mark();

        public override void OnStageStarted(WorkflowStage stage) => Mark();

        public override void OnStageEnded(WorkflowStage stage, WorkflowResult result) => Mark();

        public override void OnMilestoneReached(WorkflowRun run, MilestoneStatus milestone) => Mark();

        public override void OnRevision(WorkflowStage stage, string? reason, string? version) => Mark();

        public override void OnStalled(WorkflowRun run, TimeSpan silence) => Mark();

        public override void OnResumed(WorkflowRun run) => Mark();

        private void Mark() => feed._changed = true;
    }
}
