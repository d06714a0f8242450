using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Signals;

/// <summary>The rate of a growing count over about the last minute, from samples at least some seconds apart. Not thread-safe.</summary>
internal sealed class RecentRate
{
    private const double Window = 60, Spacing = 5;
    private readonly TrackerClock _clock;
    private readonly Queue<(long At, long Count)> _samples = new();
    private long _latest;

    public RecentRate(TrackerClock clock, long now)
    {
        (_clock, _latest) = (clock, now);
        _samples.Enqueue((now, 0));
    }

    /// <summary>The count's growth per second up to now; 0 at the very start.</summary>
    public double Next(long count, long now)
    {
        while (_samples.Count > 1 && _clock.Seconds(_samples.ElementAt(1).At, now) >= Window)
        {
            _samples.Dequeue();
        }

        var (at, before) = _samples.Peek();
        if (_clock.Seconds(_latest, now) >= Spacing)
        {
            _samples.Enqueue((now, count));
            _latest = now;
        }

        var seconds = _clock.Seconds(at, now);
        return seconds > 0 ? (count - before) / seconds : 0;
    }
}
