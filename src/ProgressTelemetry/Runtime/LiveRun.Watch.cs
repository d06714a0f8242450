using ProgressTelemetry.Model.Changes;

namespace ProgressTelemetry.Runtime;

/// <content>What the timer notices.</content>
internal sealed partial class LiveRun
{
    /// <summary>The stage of a run that was never given one.</summary>
    public const string ImplicitStage = "main";

    /// <summary>Seconds between two looks at a run: a sixtieth of its age, within these bounds.</summary>
    private const double ShortestPeriod = 1, LongestPeriod = 10, LooksInALife = 60;

    private long _nextLook;

    /// <summary>The tracker's timer: looks for a stall, a late forecast, a missed deadline. Returns whether the run is silent for so long that nobody can be expected to end it any more.</summary>
    public bool Tick(long now)
    {
        if (Timeline is null && now < Volatile.Read(ref _nextLook))
        {
            return false;
        }

        bool isForsaken;
        lock (Gate)
        {
            if (Model.Result is not null)
            {
                return false;
            }

            Look(now);
            RecordCourse(now);
            isForsaken = IsForsaken(now);
            Volatile.Write(ref _nextLook, NextLook(now));
        }

        HandOn();
        return isForsaken;
    }

    private void Look(long now)
    {
        var at = At(now);
        Sync(at);
        var estimate = Model.Deadline is null || Model.DeadlineMissed ? null : StatusMaker.EstimateOf(this, now);
        Model.Apply<Look, bool>(new Look(estimate), at, _effects);
        Count();
        if (AnyCounted)
        {
            // The next task of each stage is noticed when it happens.
            _limits.LookAtNext();
        }
    }

    private bool IsForsaken(long now) =>
        (!Model.IsWaiting || Model.AwaitsAttempt) && _services.Settings.AbandonAfter is { } limit
        && Seconds(now) - Model.Silence.Since(isWaiting: false) is var silence
        && silence > limit.TotalSeconds && silence > FarBeyond * Model.StallThreshold;

    private const double FarBeyond = 10;

    /// <summary>
    /// Until when nothing can come to pass that only the timer notices: an old run is looked at less often than a young one, but always at the moment at which it would be stalled or late. So a hundred thousand runs don't cost a
    /// hundred thousand looks a second.
    /// </summary>
    private long NextLook(long now)
    {
        var period = Math.Clamp(Seconds(now) / LooksInALife, ShortestPeriod, LongestPeriod);
        if (Model.StallTimeout is { } timeout)
        {
            period = Math.Min(period, Math.Max(ShortestPeriod, timeout.TotalSeconds / 4));
        }

        var next = Clock.Add(now, period);
        if (!Model.Silence.IsStalled && !Model.IsWaiting)
        {
            var left = Model.Silence.Since(isWaiting: false) + Model.StallThreshold - Seconds(now);
            next = Math.Min(next, Clock.Add(now, Math.Max(0, left)));
        }

        return Model.Deadline is { } deadline && !Model.DeadlineMissed ? Math.Min(next, Math.Max(now, Clock.FromWall(deadline))) : next;
    }

    // Short runs, and one of very many, get no curve in their report.
    private void RecordCourse(long now)
    {
        if (Timeline is null && Clock.Seconds(_start, now) >= _services.Settings.MinShownRunAge.TotalSeconds && _services.TryRecord())
        {
            Timeline = new RunTimeline();
        }

        Timeline?.Sample(this, now);
    }
}
