namespace ProgressTelemetry.Model.Changes;

/// <summary>The run starts.</summary>
internal readonly record struct StartRun(IReadOnlyList<PlannedStage> Stages) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        effects.Add(new Effect(EffectKind.RunStarted) { At = at.At, Wall = at.Wall });
        run.Life.NoteProgress(at, effects);
        return new PlanStages(Stages).Apply(run, at, effects);
    }
}

/// <summary>So many tasks are expected of the whole run; as many as its stages know of at least.</summary>
internal readonly record struct ExpectTotal(long Tasks) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        if (run.Result is not null)
        {
            effects.Ignore(IgnoredReason.Late, "an expectation");
            return false;
        }

        run.ExpectTotal(Tasks);
        run.ReachMilestones(at, effects);
        return true;
    }
}

/// <summary>
/// The run ends, and its open stages with it. Success settles: what was expected beyond what is done was not needed, the run is at 1 and reaches its milestones. One that did not succeed stays where it was, and reaches
/// none by ending. Returns whether it ended: it may have ended before.
/// </summary>
internal readonly record struct EndRun(WorkflowResult Result, string? ErrorType, bool IsDispose, RunEnding Ending = RunEnding.Own) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        if (run.Result is not null)
        {
            if (!IsDispose)
            {
                effects.Ignore(IgnoredReason.Late, "a run's end");
            }

            return false;
        }

        // No stage ends before it began: whoever ends the run may have read the clock earlier.
        var last = at;
        foreach (var attempt in run.Active.ToArray())
        {
            last = last with { At = Math.Max(last.At, attempt.StartedAt) };
            EndStage.End(run, attempt, Result, ErrorType, last, effects);
        }

        last = last with { At = Math.Max(last.At, LastEnd(run)) };
        run.Life.NoteProgress(last, effects);
        run.End(Result, ErrorType, last);
        if (Result == WorkflowResult.Success && Ending != RunEnding.Left)
        {
            Settle(run);
            run.ReachMilestones(last, effects);
        }

        var ended = new Effect(EffectKind.RunEnded) { Result = Result, ErrorType = ErrorType, At = last.At, Seconds = last.At, Wall = last.Wall };
        var isClaimed = Ending == RunEnding.Own && run.HasOthers;
        effects.Add(ended with { IsQuiet = isClaimed || Ending != RunEnding.Own });
        if (isClaimed)
        {
            run.Tell(ended with { Kind = EffectKind.RunEndTold }, effects);
        }

        return true;
    }

    // Stamps of one run are ordered: whoever ended a task or a stage may have read the clock later than who ends the run.
    private static double LastEnd(Run run)
    {
        var last = 0.0;
        foreach (var stage in run.Stages)
        {
            last = stage.Course.Attempts is [.., { End: { } end }] ? Math.Max(last, end) : last;
        }

        return last;
    }

    private static void Settle(Run run)
    {
        run.ExpectTotal(run.IsShared ? run.Total : null);
        foreach (var stage in run.Stages)
        {
            stage.Counts.Settle();
            stage.Counts.ForgetParts();
            stage.Declare(0);
            run.Totals.Update(stage);
        }
    }
}

/// <summary>An attempt at the whole run failed, and the run goes on with another: its open stages end, and what is done stays done.</summary>
internal readonly record struct RetryRun(WorkflowResult Result, string? ErrorType) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        if (run.Result is not null)
        {
            effects.Ignore(IgnoredReason.Late, "another attempt at a run");
            return false;
        }

        Begin(run, Result, ErrorType, at, effects);
        run.AwaitsAttempt = true;
        return true;
    }

    public static void Begin(Run run, WorkflowResult result, string? errorType, in Moment at, Effects effects)
    {
        foreach (var attempt in run.Active.ToArray())
        {
            EndStage.End(run, attempt, result, errorType, at with { At = Math.Max(at.At, attempt.StartedAt) }, effects);
        }

        run.NextAttempt();
        run.Life.NoteProgress(at, effects);
        effects.Add(new Effect(EffectKind.RunRetried) { Result = result, ErrorType = errorType, Count = run.Attempt - 1 });
    }
}

/// <summary>Somebody goes on with the run: with the attempt that is awaited or, when none is, in the place of one that never said how it ended.</summary>
internal readonly record struct TakeOverRun : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        if (run.Result is not null)
        {
            return false;
        }

        if (!run.AwaitsAttempt)
        {
            RetryRun.Begin(run, WorkflowResult.Abandoned, null, at, effects);
        }

        run.AwaitsAttempt = false;
        run.Life.NoteQuiet(at, effects);
        return true;
    }
}

/// <summary>
/// Somebody looks: what only passing time brings is noticed. Takes the forecast as it is now, since the model makes none. Telling of a late forecast for the first time needs no margin; taking it back, and telling it
/// again, need one that grows with the interval's width.
/// </summary>
internal readonly record struct Look(TimeEstimate? Estimate) : IChange<bool>
{
    /// <summary>The margin, as a share of the interval's width.</summary>
    private const double Margin = .25;

    public bool Apply(Run run, in Moment at, Effects effects)
    {
        if (run.Result is not null)
        {
            return false;
        }

        run.Silence.Looked();
        run.ReachMilestones(at, effects);
        WatchSilence(run, at, effects);
        WatchDeadline(run, at, effects);
        return true;
    }

    private static void WatchSilence(Run run, in Moment at, Effects effects)
    {
        if (run.Silence.IsStalled || run.IsWaiting)
        {
            return;
        }

        var silence = at.Arrived - run.Silence.Since(isWaiting: false);
        if ((run.StallTimeout is null && silence < SilenceConstants.ShortestLimit) || silence <= run.StallThreshold)
        {
            return;
        }

        run.Life.Stall(silence, effects);
    }

    private void WatchDeadline(Run run, in Moment at, Effects effects)
    {
        if (run.Deadline is not { } deadline || run.DeadlineMissed)
        {
            return;
        }

        if (at.Wall > deadline)
        {
            run.DeadlineMissed = true;
            run.Tell(new Effect(EffectKind.DeadlineMissed), effects);
            return;
        }

        if (Estimate is not { } estimate)
        {
            return;
        }

        var margin = (estimate.RemainingHigh - estimate.RemainingLow) * Margin;
        if (run.ForecastIsLate)
        {
            run.ForecastIsLate = estimate.Remaining + margin > deadline - at.Wall;
        }
        else if (estimate.Remaining - (run.ForecastWasLate ? margin : TimeSpan.Zero) > deadline - at.Wall)
        {
            run.ForecastIsLate = run.ForecastWasLate = true;
            run.Tell(new Effect(EffectKind.ForecastLate) { Estimate = estimate }, effects);
        }
    }
}
