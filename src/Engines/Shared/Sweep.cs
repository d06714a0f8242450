namespace ProgressTelemetry.Following;

/// <summary>Looks again, a period after something was to be looked at, and again while there is: on the tracker's clock, never twice at a time.</summary>
internal sealed class Sweep : IDisposable
{
    private readonly ITimer _timer;
    private readonly TimeSpan _period;
    private readonly Func<ValueTask<bool>> _look;
    private int _isArmed;

    /// <summary>Makes one that rests.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="period">The time between the end of a look and the next.</param>
    /// <param name="look">Looks; says whether there is more to look at. It must not throw.</param>
    public Sweep(TimeProvider time, TimeSpan period, Func<ValueTask<bool>> look)
    {
        (_period, _look) = (period, look);
        _timer = time.CreateTimer(_ => _ = RunAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>There is something to look at.</summary>
    public void Arm()
    {
        if (Volatile.Read(ref _isArmed) == 0 && Interlocked.Exchange(ref _isArmed, 1) == 0)
        {
            _timer.Change(_period, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private async Task RunAsync()
    {
        var isMore = await _look().ConfigureAwait(false);

        // Not while it looks: what comes meanwhile is armed for by whoever brings it, after this.
        Volatile.Write(ref _isArmed, 0);
        if (isMore)
        {
            Arm();
        }
    }
}
