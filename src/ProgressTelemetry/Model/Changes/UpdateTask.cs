namespace ProgressTelemetry.Model.Changes;

/// <summary>What is said of an identified task, in <paramref name="Attempt"/>.</summary>
internal readonly record struct UpdateTask(StageAttempt Attempt, string TaskId, WorkflowTaskState State, double? Completion) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        var stage = Attempt.Stage;
        if (Attempt.IsEnded)
        {
            effects.Ignore(IgnoredReason.Late, "a task's update", stage);
            return false;
        }

        run.Begin(stage);
        var task = stage.Task(TaskId);
        run.Place(TaskId, stage);
        if (task.IsOver && (State == WorkflowTaskState.Pending || State == task.State))
        {
            // Late news of an earlier state says nothing new.
            return false;
        }

        if (task.IsOver && !StartTask.TryBegin(stage, task, effects))
        {
            return false;
        }

        var moved = Begin(run, stage, task, at);
        if (State > task.State)
        {
            task.State = State;
        }

        var result = State.ToResult();
        if (State >= WorkflowTaskState.Completed)
        {
            End(run, Attempt, task, result, at, effects);
            After(run, stage, task, result, at, effects);
            return true;
        }

        if (Completion > task.Completion)
        {
            stage.Counts.AddPartial(Completion.Value - task.Completion);
            task.Completion = Completion.Value;
            moved = true;
        }

        if (moved)
        {
            run.Life.NoteProgress(at, effects);
            run.Totals.Update(stage);
            run.ReachMilestones(at, effects);
        }

        Tell(run, stage, task, effects);
        return true;
    }

    /// <summary>An identified task ends that an update, not a handle, began; or whose handle ends with it.</summary>
    public static void End(Run run, StageAttempt attempt, IdentifiedTask task, WorkflowResult result, in Moment at, Effects effects)
    {
        var (stage, done) = (attempt.Stage, attempt.Stage.Done);
        run.Life.Note(result, at, effects);
        var lost = run.Silence.Lost - (task.Handle?.LostBefore ?? task.LostBefore);
        double? seconds = null;
        if (task.Handle is { } handle)
        {
            handle.Version++;
            seconds = EndTask.EndRunning(run, stage, handle.StartedAt, at);
            handle.Attempt.Return(handle);
            task.Handle = null;
        }
        else if (task.StartedAt is { } started)
        {
            task.StartedAt = null;
            seconds = EndTask.EndRunning(run, stage, started, at);
        }

        EndTask.EndIdentity(run, stage, task, result, seconds, lost, at);
        if (seconds is { } timed)
        {
            effects.Add(new Effect(EffectKind.TaskTimed) { Stage = stage, Result = result, Seconds = timed });
        }

        attempt.Ended += stage.Done - done;
        stage.Reach(run.Ledger.WallNow(stage));
        run.Totals.Update(stage);
    }

    public static void After(Run run, Stage stage, IdentifiedTask task, WorkflowResult result, in Moment at, Effects effects)
    {
        if (result.IsError())
        {
            effects.Add(new Effect(EffectKind.TaskAttemptFailed) { Stage = stage, Result = result });
        }

        run.Totals.Update(stage);
        run.ReachMilestones(at, effects);
        Tell(run, stage, task, effects);
    }

    public static void Tell(Run run, Stage stage, IdentifiedTask task, Effects effects)
    {
        if (effects.TasksAreHeard)
        {
            effects.Add(new Effect(EffectKind.TaskUpdated)
            {
                Stage = stage,
                Task = new TaskUpdate(stage.Name, task.Id, task.State, task.Completion, stage.Done, stage.Expected, stage.Completion, run.Completion),
            });
        }
    }

    private bool Begin(Run run, Stage stage, IdentifiedTask task, in Moment at)
    {
        if (State != WorkflowTaskState.Running || task.StartedAt is not null || task.Handle is not null)
        {
            return false;
        }

        (task.StartedAt, task.LostBefore) = (Math.Max(0, at.At), run.Silence.Lost);
        stage.IsTimed = true;
        stage.Running++;
        stage.SumStarted += task.StartedAt.Value;
        run.Share(stage, at);
        return true;
    }
}
