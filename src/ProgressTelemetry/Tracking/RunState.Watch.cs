using ProgressTelemetry.Estimation;

namespace ProgressTelemetry.Tracking;

/// <content>Milestones, stalls and deadlines: what the tracker notices by itself.</content>
internal sealed partial class RunState
{
    /// <summary>The stage of a run that was never given one.</summary>
    public const string ImplicitStage = "main";

    /// <summary>Seconds between two looks at a run: a sixtieth of its age, within these bounds.</summary>
    private const double ShortestLookPeriod = 1, LongestLookPeriod = 10, LooksInALife = 60;

    /// <summary>A year: no look is that far off, and no sum with it leaves the range of a timestamp.</summary>
    private const double LongestThreshold = 365 * 86400;

    private readonly TimeSpan? _stallTimeout;
    private long _nextLook;
    private long _quietSince;
    private bool _forecastIsLate;
    private bool _deadlineMissed;
    private bool _looksAlways;

    public bool IsStalled { get; private set; }

    public bool IsWaiting
    {
        get
        {
            var waits = false;
            foreach (var attempt in _active)
            {
                if (!attempt.State.IsWaiting)
                {
                    return false;
                }

                waits = true;
            }

            return waits;
        }
    }

    public WorkflowState State => Result is { } result ? Instrumentation.Results.ToState(result)
        : IsWaiting ? WorkflowState.Waiting
        : IsStalled ? WorkflowState.Stalled
        : WorkflowState.Running;

    public bool IsPastDeadline(long now) => Deadline is { } deadline && Clock.ToWall(EndedAt ?? now) > deadline;

    /// <summary>Moment of the last progress, counted tasks included.</summary>
    public long LastProgress(long now)
    {
        var last = _lastProgress;
        foreach (var attempt in _active)
        {
            last = Math.Max(last, attempt.LastCounted(now));
        }

        return last;
    }

    /// <summary>Since when it is silent: the last progress, or the start or end of a declared wait, when that was later and the run isn't in it any more.</summary>
    public long SilentSince(long now) => IsWaiting ? LastProgress(now) : Math.Max(LastProgress(now), _quietSince);

    public double StallThreshold => _stallTimeout?.TotalSeconds ?? Model.SilenceLimit(History);

    /// <summary>The tracker's timer: looks for a stall, a late forecast, a missed deadline.</summary>
    public void Tick(long now)
    {
        if (Timeline is null && now < Volatile.Read(ref _nextLook))
        {
            return;
        }

        lock (Gate)
        {
            if (Result is null)
            {
                Watch(now);
                RecordCourse(now);
                Volatile.Write(ref _nextLook, NextLook(now));
            }
        }

        Events.Tell();
    }

    /// <summary>
    /// Until when nothing can come to pass that only the timer notices: an old run is looked at less often than a young one, but always at the moment at which it would be stalled or late. So a hundred thousand runs don't cost a
    /// hundred thousand looks a second.
    /// </summary>
    private long NextLook(long now)
    {
        var period = Math.Clamp(Seconds(now) / LooksInALife, ShortestLookPeriod, LongestLookPeriod);
        if (_stallTimeout is { } timeout)
        {
            period = Math.Min(period, Math.Max(ShortestLookPeriod, timeout.TotalSeconds / 4));
        }

        var next = Clock.Add(now, TimeSpan.FromSeconds(period));
        if (!IsStalled && !IsWaiting)
        {
            next = Math.Min(next, Clock.Add(SilentSince(now), TimeSpan.FromSeconds(Math.Min(StallThreshold, LongestThreshold))));
        }

        return Deadline is { } deadline && !_deadlineMissed ? Math.Min(next, Math.Max(now, Clock.FromWall(deadline))) : next;
    }

    // Short runs, and one of very many, get no curve in their report.
    private void RecordCourse(long now)
    {
        if (Timeline is null && Clock.Elapsed(StartedAt, now) >= Tracker.Options.MinShownRunAge && Tracker.TryRecordRun())
        {
            Timeline = new RunTimeline();
        }

        Timeline?.Sample(this, now);
    }

    private void SyncCounts(long now)
    {
        // Tasks that were counted quietly may have raised what their stages expect.
        _expectedIsKnown = false;
        foreach (var attempt in _active)
        {
            attempt.State.Sync(now);
        }
    }

    private void Watch(long now)
    {
        SyncCounts(now);
        ReachMilestones(now);
        WatchSilence(now);
        WatchDeadline(now);
    }

    private void WatchSilence(long now)
    {
        if (IsStalled || IsWaiting)
        {
            return;
        }

        var silence = Clock.Seconds(SilentSince(now), now);
        if ((_stallTimeout is null && silence < SilenceConstants.ShortestLimit) || silence <= StallThreshold)
        {
            return;
        }

        IsStalled = true;
        Definition.Stalled();
        Events.Add(new RunEvent(RunEventKind.Stalled) { Silence = TimeSpan.FromSeconds(silence) });

        // The next counted task must be seen at once: it ends the stall.
        Arm(now);
    }

    private void WatchDeadline(long now)
    {
        if (Deadline is not { } deadline || _deadlineMissed)
        {
            return;
        }

        if (IsPastDeadline(now))
        {
            _deadlineMissed = true;
            Events.Add(new RunEvent(RunEventKind.DeadlineMissed));
            return;
        }

        var estimate = RunStatus.EstimateOf(this, now);
        var late = estimate?.Expected > deadline;
        if (late && !_forecastIsLate)
        {
            Events.Add(new RunEvent(RunEventKind.ForecastLate) { Estimate = estimate });
        }

        _forecastIsLate = late;
    }

    private void NoteProgress(long now)
    {
        _lastProgress = Math.Max(_lastProgress, now);
        Resume();
    }

    private void Resume()
    {
        if (IsStalled)
        {
            IsStalled = false;
            Events.Add(new RunEvent(RunEventKind.Resumed));
        }
    }

    private void ReachMilestones(long now)
    {
        if (Milestones.AllReached)
        {
            return;
        }

        while (Milestones.IsNextReached(Completion))
        {
            Events.Add(new RunEvent(RunEventKind.Milestone) { Milestone = Milestones.Reach(Clock.ToWall(now)) });
        }
    }

    /// <summary>
    /// Tells the attempts' counts how far they may go before somebody must look: to the next milestone, to the next moment that the estimator wants, or, when there are listeners or a stall, not at all.
    /// </summary>
    private void Arm(long now)
    {
        if (!AnyCounted)
        {
            // Fresh counts ask at their first task.
            return;
        }

        var lookAlways = Tracker.HasTaskListeners || IsStalled;
        if (lookAlways && _looksAlways)
        {
            // Every limit is 0 already, and so are those of fresh counts and cells.
            return;
        }

        _looksAlways = lookAlways;
        while (true)
        {
            var toMilestone = lookAlways ? 1 : Milestones.TasksToNext(Done + _partial, Expected);
            var cells = 0;
            foreach (var attempt in _active)
            {
                cells += attempt.Cells;
            }

            foreach (var attempt in _active)
            {
                var toKnot = Model.NextKnot(attempt.State.Model) is var knot && knot == long.MaxValue ? knot : knot - attempt.State.Done;
                var allowed = Math.Min(toMilestone == long.MaxValue ? toMilestone : toMilestone / cells, toKnot == long.MaxValue ? toKnot : toKnot / Math.Max(1, attempt.State.Cells));
                attempt.SetLimits(lookAlways ? 0 : Math.Max(1, allowed));
            }

            if (lookAlways || !PassedMeanwhile(toMilestone, now))
            {
                return;
            }
        }
    }

    // Additions that crossed with the setting of limits may have gone over a threshold without seeing the new limits.
    private bool PassedMeanwhile(long toMilestone, long now)
    {
        var passed = false;
        if (toMilestone != long.MaxValue)
        {
            var reached = Milestones.Current;
            ReachMilestones(now);
            passed = reached != Milestones.Current;
        }

        foreach (var attempt in _active)
        {
            var knot = Model.NextKnot(attempt.State.Model);
            if (attempt.State.Done >= knot)
            {
                attempt.State.Sync(now);
                passed |= Model.NextKnot(attempt.State.Model) != knot;
            }
        }

        return passed;
    }
}
