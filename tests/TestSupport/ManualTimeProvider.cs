using Microsoft.Extensions.Time.Testing;

namespace ProgressTelemetry.TestSupport;

/// <summary>
/// A <see cref="FakeTimeProvider"/> for tests in which time passes, as it does for a process that runs, rather than leaps. The fake clock itself
/// fires every timer of an <see cref="FakeTimeProvider.Advance(TimeSpan)"/> at its end, so that an hour of ticks reads like a process that stood still for an hour;
/// and its <see cref="FakeTimeProvider.AdjustTime"/> moves the monotonic timestamp together with the wall clock.
/// </summary>
public sealed class ManualTimeProvider(DateTimeOffset? start = null) : FakeTimeProvider(start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private static readonly long Step = TimeSpan.FromMilliseconds(100).Ticks;

    private long _wallAhead;
    private int _timers;

    /// <summary>Timers made and not yet disposed.</summary>
    public int ActiveTimers => Volatile.Read(ref _timers);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _wallAhead));

    // The fake clock's own timestamp is the wall clock.
    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    /// <summary>Moves the wall clock only, as an operator or NTP may; monotonic time stands still.</summary>
    public void JumpWallClock(TimeSpan by) => Interlocked.Add(ref _wallAhead, by.Ticks);

    /// <summary>Lets time pass in steps that end on whole tenths of a second: a timer that is due on one fires at its very moment.</summary>
    public new void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        do
        {
            var now = GetTimestamp();
            base.Advance(TimeSpan.FromTicks(Math.Min(end - now, Step - (now % Step))));
        }
        while (GetTimestamp() < end);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _timers);
        return new CountedTimer(this, base.CreateTimer(callback, state, dueTime, period));
    }

    private sealed class CountedTimer(ManualTimeProvider owner, ITimer timer) : ITimer
    {
        private int _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Interlocked.Decrement(ref owner._timers);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
