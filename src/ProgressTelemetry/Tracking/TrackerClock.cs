namespace ProgressTelemetry.Tracking;

/// <summary>
/// The tracker's time. Durations come from the provider's monotonic timestamp alone. Wall-clock moments are derived from timestamps through an offset that is held still, so that a published moment doesn't
/// jitter from scrape to scrape, and taken anew when the wall clock was set (more than a second off).
/// </summary>
internal sealed class TrackerClock
{
    private static readonly long StepTicks = TimeSpan.TicksPerSecond;
    private readonly TimeProvider _provider;
    private readonly bool _isSystem;
    private readonly double _ticksPerStamp;
    private readonly double _secondsPerStamp;
    private readonly long _origin;
    private long _wallTicksAtOrigin;

    public TrackerClock(TimeProvider provider)
    {
        _provider = provider;
        _isSystem = ReferenceEquals(provider, TimeProvider.System);
        _ticksPerStamp = (double)TimeSpan.TicksPerSecond / provider.TimestampFrequency;
        _secondsPerStamp = 1d / provider.TimestampFrequency;
        _origin = provider.GetTimestamp();
        _wallTicksAtOrigin = provider.GetUtcNow().UtcTicks;
    }

    public TimeProvider Provider => _provider;

    /// <summary>The exact monotonic timestamp.</summary>
    public long Now => _provider.GetTimestamp();

    /// <summary>
    /// A monotonic timestamp for the hot path, in units of its own (see <see cref="FromCoarse"/>). For the system's clock it is the tick count, good to some milliseconds at a sixth of the price; any other clock is asked itself.
    /// </summary>
    public long Coarse => _isSystem ? Environment.TickCount64 : _provider.GetTimestamp();

    public long FromCoarse(long coarse, long now)
    {
        if (!_isSystem)
        {
            return coarse;
        }

        var ago = Math.Max(0, Environment.TickCount64 - coarse);
        return now - (long)(ago / 1000d / _secondsPerStamp);
    }

    public double Seconds(long from, long to) => (to - from) * _secondsPerStamp;

    public TimeSpan Elapsed(long from, long to) => new((long)((to - from) * _ticksPerStamp));

    public long Add(long timestamp, TimeSpan time) => timestamp + (long)(time.Ticks / _ticksPerStamp);

    public DateTimeOffset ToWall(long timestamp)
    {
        var ticks = Volatile.Read(ref _wallTicksAtOrigin) + (long)((timestamp - _origin) * _ticksPerStamp);
        return new DateTimeOffset(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);
    }

    public long FromWall(DateTimeOffset moment) =>
        _origin + (long)((moment.UtcTicks - Volatile.Read(ref _wallTicksAtOrigin)) / _ticksPerStamp);

    /// <summary>Takes the offset anew when the wall clock was set.</summary>
    public void Calibrate()
    {
        var measured = _provider.GetUtcNow().UtcTicks - (long)((_provider.GetTimestamp() - _origin) * _ticksPerStamp);
        if (Math.Abs(measured - Volatile.Read(ref _wallTicksAtOrigin)) > StepTicks)
        {
            Volatile.Write(ref _wallTicksAtOrigin, measured);
        }
    }

    public static double UnixSeconds(DateTimeOffset moment) => (moment.UtcTicks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerSecond;
}
