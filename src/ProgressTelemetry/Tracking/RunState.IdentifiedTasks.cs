namespace ProgressTelemetry.Tracking;

/// <content>Identified tasks: what updates say of each.</content>
internal sealed partial class RunState
{
    /// <summary>An update of an identified task, in <paramref name="attempt"/> or, when that is null, in the stage that knows it, the current one, or an implicit one.</summary>
    public void UpdateTask(WorkflowStage? attempt, string taskId, WorkflowTaskState state, double? completion, long now)
    {
        lock (Gate)
        {
            if (attempt is null)
            {
                if (IsLate("UpdateTask"))
                {
                    return;
                }

                attempt = AttemptFor(taskId, now);
                if (attempt is null)
                {
                    Tracker.Errors.Add(TrackerErrors.LateUpdate, $"task '{taskId}' after the end of its stage in run '{Id}'");
                    return;
                }
            }

            if (attempt.IsEnded)
            {
                Tracker.Errors.Add(TrackerErrors.LateUpdate, $"task '{taskId}' after the end of stage '{attempt.Name}' of run '{Id}'");
                return;
            }

            Update(attempt.State, attempt.State.Task(taskId), state, completion, now);
        }

        Events.Tell();
    }

    private void Update(StageState stage, IdentifiedTask task, WorkflowTaskState state, double? completion, long now)
    {
        if (task.IsOver)
        {
            Tracker.Errors.Add(TrackerErrors.LateUpdate, $"task '{task.Id}' of stage '{stage.Name}' has ended already");
            return;
        }

        var moved = false;
        if (state == WorkflowTaskState.Running && task.Started is null && task.State < WorkflowTaskState.Running)
        {
            task.Started = now;
            stage.RunningTasks++;
            task.StartedSeconds = Model.Start(stage.Model, Seconds(now));
            moved = true;
        }

        // Neither a task's state nor its completion runs backwards; late news of an earlier state says nothing new.
        if (state > task.State)
        {
            task.State = state;
        }

        if (task.IsOver)
        {
            EndIdentified(stage, task, now);
            moved = true;
        }
        else if (completion > task.Completion)
        {
            stage.Partial += completion.Value - task.Completion;
            _partial += completion.Value - task.Completion;
            task.Completion = completion.Value;
            moved = true;
        }

        if (moved)
        {
            AfterTasks(stage, now);
        }

        TellTask(stage, task);
    }

    /// <summary>Identified tasks that are begun and outlive the stage's last attempt are abandoned with it, as timed ones are; another attempt begins with none.</summary>
    private void AbandonIdentified(StageState stage, long now)
    {
        foreach (var task in stage.Tasks)
        {
            if (!task.IsOver && (task.Started is not null || task.Completion > 0))
            {
                task.State = WorkflowTaskState.Cancelled;
                EndIdentified(stage, task, WorkflowResult.Abandoned, now);
            }
        }

        stage.ForgetTasks();
    }

    private void EndIdentified(StageState stage, IdentifiedTask task, long now) => EndIdentified(stage, task, ResultOf(task.State), now);

    private static WorkflowResult ResultOf(WorkflowTaskState state) => state switch
    {
        WorkflowTaskState.Completed => WorkflowResult.Success,
        WorkflowTaskState.Failed => WorkflowResult.Failure,
        WorkflowTaskState.Skipped => WorkflowResult.Skip,
        _ => WorkflowResult.Cancellation,
    };

    private void EndIdentified(StageState stage, IdentifiedTask task, WorkflowResult result, long now)
    {
        if (task.Slot is { } slot)
        {
            var seconds = EndTimed(slot, result, now);
            slot.Identity = null;
            slot.Stage.ReturnSlot(slot);
            Tracker.Instruments.TaskEnded(seconds, stage.Definition.TaskDuration.For(result));
            return;
        }

        DropPartial(stage, task);
        if (task.Started is { } started)
        {
            Tracker.Instruments.TaskEnded(TallyTimed(stage, result, started, task.StartedSeconds, now), stage.Definition.TaskDuration.For(result));
        }
        else
        {
            Tally(stage, result, 1, timed: false, now);
        }
    }

    // What a task had completed in part is now in the count of whole tasks.
    private void DropPartial(StageState stage, IdentifiedTask task)
    {
        stage.Partial -= task.Completion;
        _partial -= task.Completion;
        task.Completion = task.State == WorkflowTaskState.Completed ? 1 : 0;
    }

    private void TellTask(StageState stage, IdentifiedTask task)
    {
        if (Tracker.HasTaskListeners)
        {
            Events.Add(new RunEvent(RunEventKind.Task)
            {
                Task = new TaskUpdate(stage.Name, task.Id, task.State, task.Completion, stage.Done, stage.Expected, stage.Completion, Completion),
            });
        }
    }

    /// <summary>The running attempt at the stage that the id was first seen in; null when that stage has ended.</summary>
    private WorkflowStage? AttemptFor(string taskId, long now)
    {
        _taskStages ??= new(StringComparer.Ordinal);
        if (_taskStages.TryGetValue(taskId, out var stage))
        {
            return stage.Attempts is [.., var latest] ? latest : null;
        }

        // A stage may have been told of it directly.
        if (_active.Find(a => a.State.Knows(taskId)) is { } known)
        {
            return known;
        }

        var attempt = _active.Count > 0 ? _active[^1] : StartAttempt(ImplicitStage, null, now);
        _taskStages.Add(taskId, attempt.State);
        return attempt;
    }
}
