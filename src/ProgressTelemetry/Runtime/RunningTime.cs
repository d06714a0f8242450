namespace ProgressTelemetry.Runtime;

/// <summary>
/// How long the process has run. A gap much longer than the timer's period, in which the timer didn't tick and nothing was reported, is time in which the process did not run (a machine that slept, a container that was
/// frozen): it is no work and no silence. A timer that then ticks several times at one moment shows a clock that was moved by hand, and the gap counts after all.
/// </summary>
internal sealed class RunningTime(TrackerClock clock)
{
    /// <summary>A shorter gap is taken for a busy machine, s.</summary>
    private const double ShortestPause = 60;

    /// <summary>Ticks closer together than this are of one moment, s.</summary>
    private const double SameMoment = .25;

    /// <summary>Life within so short a time is noted once, s: every event of every run on every core comes by here, and all that write one place wait for each other.</summary>
    private const double Resolution = .01;

    private readonly Lock _gate = new();
    private volatile Pauses? _pauses;
    private long _lastAlive = clock.Now;
    private long _lastTick = clock.Now;

    /// <summary>Seconds of pauses as of a timestamp.</summary>
    public double PausedAt(long timestamp) => _pauses is { } pauses
        ? pauses.Before + Math.Clamp(clock.Seconds(pauses.Start, timestamp), 0, pauses.Latest)
        : 0;

    /// <summary>Something happened at <paramref name="now"/>: the process runs.</summary>
    public void Alive(long now)
    {
        var since = clock.Seconds(Volatile.Read(ref _lastAlive), now);
        if (since > ShortestPause)
        {
            Pause(now);
        }
        else if (since > Resolution)
        {
            Volatile.Write(ref _lastAlive, now);
        }
    }

    /// <summary>The timer ticks.</summary>
    public void Tick(long now)
    {
        Alive(now);
        lock (_gate)
        {
            if (_pauses is { Latest: > 0 } pauses && clock.Seconds(_lastTick, now) < SameMoment && clock.Seconds(pauses.Start, now) - pauses.Latest < SameMoment)
            {
                _pauses = pauses with { Latest = 0 };
            }

            _lastTick = now;
        }
    }

    private void Pause(long now)
    {
        lock (_gate)
        {
            var last = Volatile.Read(ref _lastAlive);
            if (clock.Seconds(last, now) > ShortestPause)
            {
                _pauses = new Pauses((_pauses?.Before ?? 0) + (_pauses?.Latest ?? 0), last, clock.Seconds(last, now));
                Volatile.Write(ref _lastAlive, now);
            }
        }
    }

    private sealed record Pauses(double Before, long Start, double Latest);
}
