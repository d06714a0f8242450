namespace ProgressTelemetry.Model.Changes;

/// <summary>Stages are planned, before or after the run's start; one that is there already keeps what it has.</summary>
internal readonly record struct PlanStages(IReadOnlyList<PlannedStage> Stages) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        if (run.Result is not null)
        {
            effects.Ignore(IgnoredReason.Late, "a plan");
            return false;
        }

        foreach (var planned in Stages)
        {
            var stage = run.AddStage(planned.Name, isPlanned: true, effects);
            stage.DependsOn = planned.DependsOn;
            stage.PerAttempt = planned.ExpectedTasks ?? stage.PerAttempt;
            if (planned.ExpectedTasks is { } tasks && (stage.Declared is null || tasks > stage.Declared))
            {
                stage.Declare(tasks);
            }

            run.Totals.Update(stage);
        }

        run.ReachMilestones(at, effects);
        return true;
    }
}

/// <summary>An attempt at a stage starts. Returns whether it did: after the run's end nothing does.</summary>
internal readonly record struct StartStage(StageAttempt Attempt, long? ExpectedTasks) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        var (stage, attempt) = (Attempt.Stage, Attempt);
        if (run.Result is not null)
        {
            attempt.IsEnded = true;
            effects.Ignore(IgnoredReason.Late, "a stage's start", stage);
            return false;
        }

        // Whoever begins a stage anew without a number has the same number of tasks before it again.
        var again = stage is { AttemptCount: > 0, IsActive: false };
        if ((ExpectedTasks ?? (again ? stage.PerAttempt : null)) is { } tasks)
        {
            stage.PerAttempt = tasks;
            stage.AnnouncedByAttempts = Math.Min(Math.Max(stage.AnnouncedByAttempts, stage.DoneBefore) + tasks, Checked.MaxCount);
            attempt.Announced = tasks;
            if (stage.AnnouncedByAttempts > (stage.Declared ?? -1))
            {
                stage.Declare(stage.AnnouncedByAttempts);
            }
        }

        run.AwaitsAttempt = false;
        run.Life.NoteProgress(at, effects);
        run.Begin(stage);
        stage.StartedWall ??= at.Wall;
        (attempt.StartedAt, attempt.StartedWall) = (Math.Max(0, at.At), at.Wall);
        stage.Open(attempt);
        attempt.Number = stage.AttemptCount;
        stage.Course.Began(attempt.StartedAt);
        run.Open(attempt);
        run.Share(stage, at);
        run.Totals.Update(stage);
        effects.Add(new Effect(EffectKind.StageStarted) { Stage = stage, Attempt = attempt, At = attempt.StartedAt, Wall = at.Wall });
        run.ReachMilestones(at, effects);
        return true;
    }
}

/// <summary>An attempt at a stage ends. Returns whether it did: it may have ended before.</summary>
internal readonly record struct EndStage(StageAttempt Attempt, WorkflowResult Result, string? ErrorType, bool IsDispose) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        if (Attempt.IsEnded)
        {
            if (!IsDispose)
            {
                effects.Ignore(IgnoredReason.Late, "a stage's end", Attempt.Stage);
            }

            return false;
        }

        End(run, Attempt, Result, ErrorType, at, effects);
        run.ReachMilestones(at, effects);
        return true;
    }

    public static void End(Run run, StageAttempt attempt, WorkflowResult result, string? errorType, in Moment at, Effects effects)
    {
        var stage = attempt.Stage;
        foreach (var task in attempt.RunningTasks.ToArray())
        {
            var seconds = EndTask.End(run, task, WorkflowResult.Abandoned, at, effects);
            effects.Add(new Effect(EffectKind.TaskTimed) { Stage = stage, Result = WorkflowResult.Abandoned, Seconds = seconds });
        }

        attempt.IsEnded = true;
        stage.Close(attempt);
        run.Close(attempt);
        for (; attempt.Waits > 0; attempt.Waits--)
        {
            EndWait.EndOne(run, stage, at, effects);
        }

        if (!stage.IsActive)
        {
            LeaveLast(run, attempt, result, at, effects);
        }
        else if (!result.IsGood())
        {
            // What it announced and left undone, nobody does.
            stage.AnnouncedByAttempts -= Math.Clamp(attempt.Announced - attempt.Ended, 0, stage.AnnouncedByAttempts);
        }

        var ended = Math.Max(attempt.StartedAt, at.At);
        stage.Result = result;
        stage.EndedWall = at.Wall < attempt.StartedWall ? attempt.StartedWall : at.Wall;
        stage.Course.Ended(attempt.StartedAt, result, ended);
        stage.Finished = result.IsGood() && !stage.IsOpen;
        run.Share(stage, at);
        run.Life.NoteProgress(at, effects);
        run.Totals.Update(stage);
        effects.Add(new Effect(EffectKind.StageEnded)
        {
            Stage = stage, Attempt = attempt, Result = result, ErrorType = errorType, At = ended, Seconds = ended - attempt.StartedAt, Wall = at.Wall,
            Done = stage.Done, Expected = stage.Expected, Revisions = stage.Revisions,
        });
    }

    // What nobody works on any more may be begun again: another attempt's tasks come on top of those that were done.
    private static void LeaveLast(Run run, StageAttempt attempt, WorkflowResult result, in Moment at, Effects effects)
    {
        var stage = attempt.Stage;
        foreach (var task in stage.Tasks)
        {
            if (!task.IsOver && (task.StartedAt is not null || task.Completion > 0))
            {
                UpdateTask.End(run, attempt, task, WorkflowResult.Abandoned, at, effects);
                UpdateTask.Tell(run, stage, task, effects);
            }
        }

        stage.ForgetTasks();
        stage.Counts.Settle();
        stage.AnnouncedByAttempts = stage.AnnouncedByLoops = 0;
        if (!result.IsGood() || stage.IsActiveElsewhere)
        {
            return;
        }

        if (stage.Done == 0 && stage.Declared is null or 1)
        {
            // A stage that was never given tasks is itself one task.
            AddTasks.Add(run, attempt, result, 1, at, effects);
        }

        // It ended well: what it did not do was not needed.
        stage.Declare(0);
    }
}

/// <summary>So many tasks are expected of a stage in all; as many as are done at least.</summary>
internal readonly record struct ExpectTasks(StageAttempt Attempt, long Tasks) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        if (Attempt.IsEnded)
        {
            effects.Ignore(IgnoredReason.Late, "an expectation", Attempt.Stage);
            return false;
        }

        Attempt.Stage.Declare(Tasks);
        run.Totals.Update(Attempt.Stage);
        run.ReachMilestones(at, effects);
        return true;
    }
}

/// <summary>A loop begins that will do so many tasks, beside what other loops do.</summary>
internal readonly record struct BeginLoop(StageAttempt Attempt, long Tasks) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        var stage = Attempt.Stage;
        if (Attempt.IsEnded)
        {
            effects.Ignore(IgnoredReason.Late, "a loop", stage);
            return false;
        }

        stage.AnnouncedByLoops = Math.Min(Math.Max(stage.AnnouncedByLoops, stage.DoneBefore) + Tasks, Checked.MaxCount);
        if (stage.AnnouncedByLoops > (stage.Declared ?? -1))
        {
            stage.Declare(stage.AnnouncedByLoops);
            run.Totals.Update(stage);
            run.ReachMilestones(at, effects);
        }

        return true;
    }
}

/// <summary>A loop was left with so many of its tasks undone: the next one's tasks don't come on top of those.</summary>
internal readonly record struct LeaveLoop(StageAttempt Attempt, long Undone) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        Attempt.Stage.AnnouncedByLoops -= Math.Min(Undone, Attempt.Stage.AnnouncedByLoops);
        return true;
    }
}

/// <summary>The stage's work was sent back; it may have ended, only the run must be live.</summary>
internal readonly record struct Revise(StageAttempt Attempt, string? Reason, string? Version) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        if (run.Result is not null)
        {
            effects.Ignore(IgnoredReason.Late, "a revision", Attempt.Stage);
            return false;
        }

        Attempt.Stage.Revisions++;
        run.Life.NoteProgress(at, effects);
        effects.Add(new Effect(EffectKind.StageRevised) { Stage = Attempt.Stage, Attempt = Attempt, Text = Reason, Version = Version });
        return true;
    }
}

/// <summary>Items of a kind were processed; none of a kind only declares it.</summary>
internal readonly record struct AddItems(StageAttempt Attempt, string ItemKind, long Count) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        if (Attempt.IsEnded || !Attempt.Stage.TryAddItems(ItemKind, Count))
        {
            effects.Ignore(Attempt.IsEnded ? IgnoredReason.Late : IgnoredReason.CountOverflow, "items", Attempt.Stage);
            return false;
        }

        if (Count > 0)
        {
            run.Life.NoteProgress(at, effects);
        }

        effects.Add(new Effect(EffectKind.ItemsRecorded) { Stage = Attempt.Stage, Text = ItemKind, Count = Count });
        return true;
    }
}
