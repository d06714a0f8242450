using System.Diagnostics;

namespace ProgressTelemetry.Spans;

/// <summary>
/// Spans whose start couldn't be told yet: tried again when others start, and on a short tick, as nothing says when a tag is set. Held weakly, since a replayed start's span may never stop; after a while only its stop is waited for.
/// </summary>
internal sealed class PendingSpans : IDisposable
{
    private const int MostAtAStart = 32;
    private const int Most = 10_000;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Func<Activity, FollowedSpan, bool> _try;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private List<Pending> _spans = [];
    private volatile int _count;
    private bool _isTicking;

    /// <param name="tryAgain">Tries a span; true when there is nothing left to try. Doesn't throw.</param>
    /// <param name="time">The clock.</param>
    public PendingSpans(Func<Activity, FollowedSpan, bool> tryAgain, TimeProvider time)
    {
        (_try, _time) = (tryAgain, time);
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static pending => ((PendingSpans)pending!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public int Count => _count;

    public void Add(Activity activity, FollowedSpan span)
    {
        lock (_gate)
        {
            if (_spans.Count >= Most)
            {
                // They are told of when they stop.
                return;
            }

            _spans.Add(new Pending(new WeakReference<Activity>(activity), span, _time.GetTimestamp()));
            _count = _spans.Count;
            SetTimer();
        }
    }

    /// <summary>Tries those that wait before a new start: a task's run may have got its id just now. Many are left to the tick.</summary>
    public void RetryBeforeStart()
    {
        if (_count is > 0 and <= MostAtAStart)
        {
            Retry();
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _spans = [];
            _count = 0;
        }
    }

    private void Tick()
    {
        lock (_gate)
        {
            _isTicking = false;
        }

        Retry();
        lock (_gate)
        {
            SetTimer();
        }
    }

    private void Retry()
    {
        Pending[] all;
        lock (_gate)
        {
            all = [.. _spans];
        }

        var done = new HashSet<FollowedSpan>(all.Where(IsDone).Select(pending => pending.Span));
        if (done.Count > 0)
        {
            lock (_gate)
            {
                _spans.RemoveAll(pending => done.Contains(pending.Span));
                _count = _spans.Count;
            }
        }
    }

    private bool IsDone(Pending pending) =>
        !pending.Activity.TryGetTarget(out var activity) || _try(activity, pending.Span) || _time.GetElapsedTime(pending.Since) > Patience;

    private void SetTimer()
    {
        if (!_isTicking && _spans.Count > 0)
        {
            _isTicking = true;
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
        }
    }

    private readonly record struct Pending(WeakReference<Activity> Activity, FollowedSpan Span, long Since);
}
