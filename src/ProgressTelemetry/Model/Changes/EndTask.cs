namespace ProgressTelemetry.Model.Changes;

/// <summary>A timed task ends. Returns its duration, s; null when its handle is of an earlier task.</summary>
internal readonly record struct EndTask(TimedTask Task, int Version, WorkflowResult Result, bool IsDispose) : IChange<double?>
{
    public double? Apply(Run run, in Moment at, Effects effects)
    {
        var stage = Task.Attempt.Stage;
        if (Task.Version != Version)
        {
            if (!IsDispose)
            {
                effects.Ignore(IgnoredReason.Late, "a task that has ended", stage);
            }

            return null;
        }

        return End(run, Task, Result, at, effects);
    }

    public static double End(Run run, TimedTask task, WorkflowResult result, in Moment at, Effects effects)
    {
        var (attempt, stage, identity) = (task.Attempt, task.Attempt.Stage, task.Identity);
        var done = stage.Done;
        run.Life.Note(result, at, effects);
        task.Version++;
        var lost = run.Silence.Lost - task.LostBefore;
        var seconds = EndRunning(run, stage, task.StartedAt, at);
        attempt.Return(task);
        if (identity is null)
        {
            stage.Counts.AddTimed(result, seconds, lost, isRetried: false);
        }
        else
        {
            identity.Handle = null;
            EndIdentity(run, stage, identity, result, seconds, lost, at);
        }

        attempt.Ended += stage.Done - done;
        stage.Reach(run.Ledger.WallNow(stage));
        if (identity is null)
        {
            AddTasks.After(run, stage, at, effects);
        }
        else
        {
            UpdateTask.After(run, stage, identity, result, at, effects);
        }

        return seconds;
    }

    /// <summary>One task fewer runs. Returns how long it ran, s.</summary>
    public static double EndRunning(Run run, Stage stage, double startedAt, in Moment at)
    {
        stage.Running--;
        stage.SumStarted = stage.Running == 0 ? 0 : stage.SumStarted - startedAt;
        run.Share(stage, at);

        // An end may have read the clock before a start that came to the lock first.
        return Math.Max(0, at.At - startedAt);
    }

    /// <summary>An identified task has ended; what failed may be tried again while the stage is open.</summary>
    public static void EndIdentity(Run run, Stage stage, IdentifiedTask task, WorkflowResult result, double? seconds, double lost, in Moment at)
    {
        stage.Counts.AddPartial(-task.Completion);
        task.State = result.ToTaskState();
        task.Completion = result == WorkflowResult.Success ? 1 : 0;
        if (seconds is { } timed)
        {
            stage.Counts.AddTimed(result, timed, lost, task.IsDone);
        }
        else if (task.IsDone || !result.IsWork())
        {
            stage.Counts.Add(result, 1, task.IsDone);
        }
        else
        {
            AddTasks.AddCounted(run, stage, result, 1, at);
        }

        task.IsDone |= !result.IsCutOff();
        if (task.MayBeRetried)
        {
            task.LastResult = result;
            stage.Counts.MayBeRetried(result);
        }
    }
}
