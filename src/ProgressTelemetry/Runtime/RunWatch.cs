using ProgressTelemetry.Model.Changes;

namespace ProgressTelemetry.Runtime;

/// <summary>What the timer notices of a run: a stall, a late forecast, a missed deadline, a run that nobody will end.</summary>
internal sealed class RunWatch(LiveRun run)
{
    /// <summary>Seconds between two looks at a run: a sixtieth of its age, within these bounds.</summary>
    private const double ShortestPeriod = 1, LongestPeriod = 10, LooksInALife = 60;

    /// <summary>A run is given up when its silence is so many times the limit of a stall.</summary>
    private const double FarBeyond = 10;

    private long _nextLook;

    /// <summary>The tracker's timer. Returns whether the run is silent for so long that nobody can be expected to end it any more.</summary>
    public bool Tick(long now)
    {
        if (run.Timeline is null && now < Volatile.Read(ref _nextLook))
        {
            return false;
        }

        bool isForsaken;
        lock (run.Gate)
        {
            if (run.Model.Result is not null)
            {
                return false;
            }

            Look(now);
            RecordCourse(now);
            isForsaken = IsForsaken(now);
            Volatile.Write(ref _nextLook, NextLook(now));
        }

        run.Delivery.HandOn();
        return isForsaken;
    }

    private void Look(long now)
    {
        var at = run.Time.At(now);
        run.Open.Sync(at);
        var estimate = run.Model.Deadline is null || run.Model.DeadlineMissed ? null : StatusMaker.EstimateOf(run, now);
        run.Model.Apply<Look, bool>(new Look(estimate), at, run.Delivery.Effects);
        run.Delivery.Count();

        // The next task of each stage is noticed when it happens.
        run.Open.LookAtNext();
    }

    private bool IsForsaken(long now) =>
        (!run.Model.IsWaiting || run.Model.AwaitsAttempt) && run.Services.Settings.AbandonAfter is { } limit
        && run.Time.Seconds(now) - run.Model.Silence.Since(isWaiting: false) is var silence
        && silence > limit.TotalSeconds && silence > FarBeyond * run.Model.StallThreshold;

    /// <summary>
    /// Until when nothing can come to pass that only the timer notices: an old run is looked at less often than a young one, but always at the moment at which it would be stalled or late. So a hundred thousand runs don't cost a
    /// hundred thousand looks a second.
    /// </summary>
    private long NextLook(long now)
    {
        var (model, clock, seconds) = (run.Model, run.Clock, run.Time.Seconds(now));
        var period = Math.Clamp(seconds / LooksInALife, ShortestPeriod, LongestPeriod);
        if (model.StallTimeout is { } timeout)
        {
            period = Math.Min(period, Math.Max(ShortestPeriod, timeout.TotalSeconds / 4));
        }

        var next = clock.Add(now, period);
        if (!model.Silence.IsStalled && !model.IsWaiting)
        {
            var left = model.Silence.Since(isWaiting: false) + model.StallThreshold - seconds;
            next = Math.Min(next, clock.Add(now, Math.Max(0, left)));
        }

        return model.Deadline is { } deadline && !model.DeadlineMissed ? Math.Min(next, Math.Max(now, clock.FromWall(deadline))) : next;
    }

    // Short runs, and one of very many, get no curve in their report.
    private void RecordCourse(long now)
    {
        if (run.Timeline is null && run.Clock.Seconds(run.Time.Start, now) >= run.Services.Settings.MinShownRunAge.TotalSeconds && run.Services.TryRecord())
        {
            run.Timeline = new RunTimeline();
        }

        run.Timeline?.Sample(run, now);
    }
}
