namespace ProgressTelemetry.Model.Changes;

/// <summary>Tasks ended that were not timed.</summary>
internal readonly record struct AddTasks(StageAttempt Attempt, WorkflowResult Result, long Count) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        var stage = Attempt.Stage;
        if (Attempt.IsEnded || stage.Done > Checked.MaxCount - Count)
        {
            effects.Ignore(Attempt.IsEnded ? IgnoredReason.Late : IgnoredReason.CountOverflow, "a task", stage);
            return false;
        }

        Add(run, Attempt, Result, Count, at, effects);
        After(run, stage, at, effects);
        return true;
    }

    public static void Add(Run run, StageAttempt attempt, WorkflowResult result, long count, in Moment at, Effects effects)
    {
        var (stage, done) = (attempt.Stage, attempt.Stage.Done);
        run.Begin(stage);
        run.Life.Note(result, at, effects, count);
        if (!result.IsWork())
        {
            stage.Counts.Add(result, count);
        }
        else
        {
            AddCounted(run, stage, result, count, at);
        }

        attempt.Ended += stage.Done - done;
        stage.Reach(run.Ledger.WallNow(stage));
    }

    /// <summary>Tasks of which only the end is known: they took the time since the last such end.</summary>
    public static void AddCounted(Run run, Stage stage, WorkflowResult result, long count, in Moment at)
    {
        stage.Counts.AddCounted(result, count);
        var since = double.IsNaN(stage.Time.ActiveSince) ? 0 : Math.Clamp(run.Ledger.Now - at.At, 0, run.Ledger.Now - stage.Time.ActiveSince);
        stage.Time.ActiveAtCounted = Math.Max(stage.Time.ActiveAtCounted, stage.Time.ActiveAt(run.Ledger.Now) - since);
    }

    /// <summary>Tasks without ids ended: one pending effect tells listeners of all counts.</summary>
    public static void After(Run run, Stage stage, in Moment at, Effects effects)
    {
        run.Totals.Update(stage);
        run.ReachMilestones(at, effects);
        if (effects.TasksAreHeard && !stage.IsCountPending)
        {
            stage.IsCountPending = true;
            effects.Add(new Effect(EffectKind.TasksCounted) { Stage = stage });
        }
    }
}

/// <summary>An attempt's own count stands at <paramref name="Total"/>: tasks that were counted without the run's lock. Returns whether it has grown.</summary>
internal readonly record struct CountTasks(StageAttempt Attempt, long Total) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        var count = Total - Attempt.Counted;
        if (count <= 0)
        {
            return false;
        }

        Attempt.Counted = Total;
        AddTasks.Add(run, Attempt, WorkflowResult.Success, count, at, effects);
        AddTasks.After(run, Attempt.Stage, at, effects);
        return true;
    }
}

/// <summary>A timed task starts, or an identified one is tried again. Returns its handle.</summary>
internal readonly record struct StartTask(StageAttempt Attempt, string? TaskId) : IChange<TaskHandle>
{
    public TaskHandle Apply(Run run, in Moment at, Effects effects)
    {
        var stage = Attempt.Stage;
        if (Attempt.IsEnded)
        {
            effects.Ignore(IgnoredReason.Late, "a task's start", stage);
            return default;
        }

        var identity = TaskId is null ? null : stage.Task(TaskId);
        if (identity?.Handle is { } running)
        {
            // It runs already: this is another handle of the same task.
            return new TaskHandle(running, running.Version);
        }

        if (identity is not null && !TryBegin(stage, identity, effects))
        {
            return default;
        }

        run.Begin(stage);
        stage.IsTimed = true;
        run.Life.NoteProgress(at, effects);
        var task = Attempt.Rent();
        (task.Identity, task.StartedAt, task.LostBefore) = (identity, Math.Max(0, at.At), run.Silence.Lost);
        if (identity?.StartedAt is { } started)
        {
            // An update has started it: from here on the handle keeps its time.
            (task.StartedAt, task.LostBefore) = (started, identity.LostBefore);
            identity.StartedAt = null;
        }
        else
        {
            stage.Running++;
            stage.SumStarted += task.StartedAt;
            run.Share(stage, at);
        }

        if (identity is not null)
        {
            identity.Handle = task;
            UpdateTask.Tell(run, stage, identity, effects);
        }

        return new TaskHandle(task, task.Version);
    }

    /// <summary>Whether the task may run: one that ended badly is tried again.</summary>
    public static bool TryBegin(Stage stage, IdentifiedTask task, Effects effects)
    {
        if (task.IsOver && !task.MayBeRetried)
        {
            effects.Ignore(IgnoredReason.Late, "a task that has ended", stage);
            return false;
        }

        if (task.LastResult is { } last)
        {
            stage.Counts.Retry(last);
            task.LastResult = null;
        }

        if (task.IsOver)
        {
            task.Completion = 0;
        }

        task.State = WorkflowTaskState.Running;
        return true;
    }
}

/// <summary>An attempt at a timed task failed and another follows under the same handle: it is no finished task.</summary>
internal readonly record struct RetryTask(TimedTask Task, int Version, string? ErrorType) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        var stage = Task.Attempt.Stage;
        if (Task.Version != Version)
        {
            effects.Ignore(IgnoredReason.Late, "a task that has ended", stage);
            return false;
        }

        stage.Counts.FailAttempt();
        stage.SumStarted += Math.Max(0, at.At) - Task.StartedAt;
        (Task.StartedAt, Task.LostBefore) = (Math.Max(0, at.At), run.Silence.Lost);
        if (Task.Identity is { } task)
        {
            stage.Counts.AddPartial(-task.Completion);
            task.Completion = 0;
        }

        run.Life.NoteProgress(at, effects);
        run.Totals.Update(stage);
        effects.Add(new Effect(EffectKind.TaskAttemptFailed) { Stage = stage, Result = WorkflowResult.Failure, ErrorType = ErrorType });
        if (Task.Identity is { } identity)
        {
            UpdateTask.Tell(run, stage, identity, effects);
        }

        return true;
    }
}
