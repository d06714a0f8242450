namespace ProgressTelemetry.Runtime;

/// <summary>
/// The tracker's time. Durations come from the provider's monotonic timestamp alone. Wall-clock moments are derived from timestamps through an offset that is held still, so that a published moment doesn't
/// jitter from scrape to scrape, and taken anew when the wall clock was set (more than a second off).
/// </summary>
internal sealed class TrackerClock
{
    private static readonly long StepTicks = TimeSpan.TicksPerSecond;

    /// <summary>Two readings further apart than this don't belong together: something came between them.</summary>
    private static readonly TimeSpan LongestReading = TimeSpan.FromMilliseconds(20);

    private readonly double _ticksPerStamp;
    private readonly double _secondsPerStamp;
    private readonly long _origin;
    private long _wallTicksAtOrigin;

    public TrackerClock(TimeProvider provider)
    {
        Provider = provider;
        _ticksPerStamp = (double)TimeSpan.TicksPerSecond / provider.TimestampFrequency;
        _secondsPerStamp = 1d / provider.TimestampFrequency;
        _origin = provider.GetTimestamp();
        _wallTicksAtOrigin = provider.GetUtcNow().UtcTicks;
    }

    public TimeProvider Provider { get; }

    /// <summary>The monotonic timestamp.</summary>
    public long Now => Provider.GetTimestamp();

    public double Seconds(long from, long to) => (to - from) * _secondsPerStamp;

    /// <summary>The timestamp so many seconds later; as late as there are timestamps.</summary>
    public long Add(long timestamp, double seconds)
    {
        var stamps = seconds / _secondsPerStamp;
        return stamps >= long.MaxValue - Math.Max(0, timestamp) ? long.MaxValue : timestamp + (long)stamps;
    }

    public DateTimeOffset ToWall(long timestamp)
    {
        var ticks = Volatile.Read(ref _wallTicksAtOrigin) + ((timestamp - _origin) * _ticksPerStamp);
        return new DateTimeOffset((long)Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks - 1), TimeSpan.Zero);
    }

    /// <summary>The timestamp of a moment on the wall clock; as late as there are timestamps.</summary>
    public long FromWall(DateTimeOffset moment)
    {
        var stamps = (moment.UtcTicks - Volatile.Read(ref _wallTicksAtOrigin)) / _ticksPerStamp;
        return stamps >= long.MaxValue - Math.Max(0, _origin) ? long.MaxValue
            : stamps <= long.MinValue + Math.Abs(_origin) ? long.MinValue
            : _origin + (long)stamps;
    }

    /// <summary>Takes the offset anew when the wall clock was set.</summary>
    public void Calibrate()
    {
        var before = Provider.GetTimestamp();
        var wall = Provider.GetUtcNow().UtcTicks;
        if (Seconds(before, Provider.GetTimestamp()) > LongestReading.TotalSeconds)
        {
            // The process was held up between the two readings; the next tick reads again.
            return;
        }

        var measured = wall - (long)((before - _origin) * _ticksPerStamp);
        if (Math.Abs(measured - Volatile.Read(ref _wallTicksAtOrigin)) > StepTicks)
        {
            Volatile.Write(ref _wallTicksAtOrigin, measured);
        }
    }
}
