using ProgressTelemetry.Model;

namespace ProgressTelemetry.Runtime;

/// <summary>A run's own time: seconds since its start in which the process ran.</summary>
internal sealed class RunClock
{
    private readonly TrackerClock _clock;
    private readonly RunningTime _running;
    private readonly double _pausedAtStart;

    public RunClock(TrackerClock clock, RunningTime running, RunIdentity identity, long now)
    {
        (_clock, _running) = (clock, running);
        Start = (identity.Restored?.StartedAt ?? identity.StartedAt) is { } started ? Math.Min(now, clock.FromWall(started)) : now;
        StartWall = clock.ToWall(Start);
        TakenUpWall = clock.ToWall(identity.Restored is null ? Start : now);

        // A run that goes on has run for so long before; the time since then, in which nothing ran, is no time of the run.
        _pausedAtStart = running.PausedAt(now) - (identity.Restored is { } before ? clock.Seconds(Start, now) - before.RanSeconds : 0);
    }

    /// <summary>The start, on the tracker's clock.</summary>
    public long Start { get; }

    public DateTimeOffset StartWall { get; }

    /// <summary>When this process took the run up: its start, unless it goes on with it.</summary>
    public DateTimeOffset TakenUpWall { get; }

    public double Seconds(long timestamp) => Math.Max(0, _clock.Seconds(Start, timestamp) - (_running.PausedAt(timestamp) - _pausedAtStart));

    /// <summary>The moment of an event that happened at <paramref name="own"/>, or just now.</summary>
    public Moment At(long now, DateTimeOffset? own = null)
    {
        _running.Alive(now);
        var (seconds, wall) = (Seconds(now), _clock.ToWall(now));
        if (own is not { } moment)
        {
            return new Moment(seconds, seconds, wall);
        }

        moment = moment > wall ? wall : moment < StartWall ? StartWall : moment;
        return new Moment(Math.Max(0, seconds - (wall - moment).TotalSeconds), seconds, moment);
    }
}
