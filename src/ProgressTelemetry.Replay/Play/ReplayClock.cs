namespace ProgressTelemetry.Replay.Play;

/// <summary>
/// A clock that stands still until the replay moves it. Timers fire on the thread that moves it, in order of their due time, each with the clock at exactly that moment: what
/// watches a run (a stall, a deadline) sees the trace's time, however fast it is replayed.
/// </summary>
internal sealed class ReplayClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ReplayTimer> _timers = [];
    private long _ticks;

    /// <summary>Timestamps are <see cref="TimeSpan"/> ticks of 100 ns.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Time since the clock was made.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(GetTimestamp());

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => start + Elapsed;

    /// <summary>Moves the clock on to <paramref name="elapsed"/> since it was made; a moment that has passed leaves it where it is.</summary>
    public void MoveTo(TimeSpan elapsed)
    {
        while (NextDue(elapsed) is { } timer)
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ReplayTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Steps to the earliest timer due by then and takes it; or, with none left, all the way.</summary>
    private ReplayTimer? NextDue(TimeSpan elapsed)
    {
        lock (_gate)
        {
            var next = _timers.Where(t => t.Due <= elapsed.Ticks).MinBy(t => t.Due);
            Volatile.Write(ref _ticks, Math.Max(_ticks, next?.Due ?? elapsed.Ticks));
            next?.Reschedule();
            return next;
        }
    }

    private sealed class ReplayTimer(ReplayClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long _period;

        public long Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }

                Due = clock._ticks + dueTime.Ticks;
                _period = period > TimeSpan.Zero ? period.Ticks : 0;
                clock._timers.Add(this);
                return true;
            }
        }

        public void Reschedule()
        {
            Due += _period;
            if (_period == 0)
            {
                clock._timers.Remove(this);
            }
        }

        public void Fire() => callback(state);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
