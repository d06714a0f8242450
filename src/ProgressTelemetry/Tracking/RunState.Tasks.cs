namespace ProgressTelemetry.Tracking;

/// <content>Tasks: counted and timed.</content>
internal sealed partial class RunState
{
    /// <summary>An attempt's count came to its limit: something wants to know (a milestone, the estimator, a listener, a stall that is over).</summary>
    public void Counted(WorkflowStage attempt, long now)
    {
        lock (Gate)
        {
            if (attempt.IsEnded)
            {
                return;
            }

            AnyCounted = true;
            TasksEnded(attempt.State, now);
        }

        Events.Tell();
    }

    /// <summary>Tasks ended that were not timed.</summary>
    public void AddTasks(WorkflowStage attempt, WorkflowResult result, long count, long now)
    {
        lock (Gate)
        {
            if (IsLateFor(attempt, "a task"))
            {
                return;
            }

            if (attempt.State.Done > Checked.MaxCount - count)
            {
                Tracker.Errors.Add(TrackerErrors.CountOverflow, $"stage '{attempt.Name}' of run '{Id}' has 2^53 tasks");
                return;
            }

            Tally(attempt.State, result, count, timed: false, now);
            attempt.Tallied += count;
            TasksEnded(attempt.State, now);
        }

        Events.Tell();
    }

    public WorkflowTask StartTask(WorkflowStage attempt, string? taskId, long now)
    {
        WorkflowTask task;
        lock (Gate)
        {
            if (IsLateFor(attempt, "StartTask"))
            {
                return default;
            }

            var stage = attempt.State;
            IdentifiedTask? identity = null;
            if (taskId is not null)
            {
                identity = stage.Task(taskId);
                if (identity.IsOver)
                {
                    Tracker.Errors.Add(TrackerErrors.LateUpdate, $"task '{taskId}' of stage '{stage.Name}' has ended already");
                    return default;
                }

                if (identity.Slot is { } running)
                {
                    // It runs already: this is another handle of the same task.
                    return new WorkflowTask(running, running.Version);
                }

                identity.State = WorkflowTaskState.Running;
            }

            NoteProgress(now);
            var slot = attempt.RentSlot();
            slot.Started = now;
            slot.Identity = identity;
            if (identity?.Started is { } started)
            {
                // An update has started it: from here on the handle keeps its time.
                slot.Started = started;
                slot.StartedSeconds = identity.StartedSeconds;
                identity.Started = null;
            }
            else
            {
                slot.StartedSeconds = Model.Start(stage.Model, Seconds(now));
                stage.RunningTasks++;
            }

            if (identity is not null)
            {
                identity.Slot = slot;
            }

            task = new WorkflowTask(slot, slot.Version);
            if (identity is not null)
            {
                TellTask(stage, identity);
            }
        }

        Events.Tell();
        return task;
    }

    public void EndTask(TaskSlot slot, int version, WorkflowResult result, long now, bool isDispose = false)
    {
        KeyValuePair<string, object?>[] tags;
        double seconds;
        lock (Gate)
        {
            var attempt = slot.Stage;
            if (slot.Version != version)
            {
                if (!isDispose)
                {
                    Tracker.Errors.Add(TrackerErrors.LateUpdate, $"a task of stage '{attempt.Name}' of run '{Id}' has ended already");
                }

                return;
            }

            var stage = attempt.State;
            seconds = EndTimed(slot, result, now);
            if (slot.Identity is { } identity)
            {
                AfterTasks(stage, now);
                TellTask(stage, identity);
                slot.Identity = null;
            }
            else
            {
                TasksEnded(stage, now);
            }

            attempt.ReturnSlot(slot);
            tags = stage.Definition.TaskDuration.For(result);
        }

        Tracker.Instruments.TaskEnded(seconds, tags);
        Events.Tell();
    }

    /// <summary>A timed task that outlives its stage is abandoned with it. Called under the lock, while the stage ends.</summary>
    public void AbandonTask(TaskSlot slot, long now)
    {
        var seconds = EndTimed(slot, WorkflowResult.Abandoned, now);
        Tracker.Instruments.TaskEnded(seconds, slot.Stage.State.Definition.TaskDuration.For(WorkflowResult.Abandoned));
    }

    /// <summary>The fraction of a stage that is done, as an <see cref="IProgress{T}"/> reports it.</summary>
    public void ReportFraction(WorkflowStage attempt, double fraction, long now)
    {
        lock (Gate)
        {
            if (IsLateFor(attempt, "a report of progress"))
            {
                return;
            }

            var stage = attempt.State;
            if (stage.Declared is null)
            {
                Expect(stage, 1, now);
            }

            // Of a stage with several tasks the fraction is so many whole tasks and a part of the next.
            var tasks = fraction * stage.Declared!.Value;
            var whole = stage.Declared.Value > 1 ? (long)tasks : 0;
            var added = Math.Max(0, whole - stage.Done);
            if (added > 0)
            {
                Tally(stage, WorkflowResult.Success, added, timed: false, now);
            }

            var before = stage.Fraction;
            SetFraction(stage, Math.Max(Math.Min(tasks - whole, stage.Declared.Value - stage.Done), added > 0 ? 0 : before));
            if (added > 0 || stage.Fraction > before)
            {
                TasksEnded(stage, now);
            }
        }

        Events.Tell();
    }

    /// <summary>Builds the update that stands for all counts since the last one. Called outside the lock.</summary>
    public TaskUpdate TakeCounts(StageState stage)
    {
        lock (Gate)
        {
            stage.CountsQueued = false;

            // Against those who add a task and then see that a call is pending: either they see that it isn't any more, or the counts read here have their task.
            Interlocked.MemoryBarrier();
            AnyCounted = true;
            if (Result is null)
            {
                AfterTasks(stage, Clock.Now);
            }

            return new TaskUpdate(stage.Name, null, WorkflowTaskState.Completed, null, stage.Done, stage.Expected, stage.Completion, Completion);
        }
    }

    private double EndTimed(TaskSlot slot, WorkflowResult result, long now)
    {
        var stage = slot.Stage.State;
        slot.Version++;
        slot.Stage.Tallied++;
        if (slot.Identity is { } identity)
        {
            identity.Slot = null;
            identity.State = result switch
            {
                WorkflowResult.Success => WorkflowTaskState.Completed,
                WorkflowResult.Skip => WorkflowTaskState.Skipped,
                WorkflowResult.Cancellation or WorkflowResult.Abandoned => WorkflowTaskState.Cancelled,
                _ => WorkflowTaskState.Failed,
            };
            DropPartial(stage, identity);
        }

        return TallyTimed(stage, result, slot.Started, slot.StartedSeconds, now);
    }

    /// <summary>Counts a task that was timed, and returns its duration in seconds.</summary>
    private double TallyTimed(StageState stage, WorkflowResult result, long started, double startedSeconds, long now)
    {
        stage.RunningTasks--;
        stage.TimedTasks++;
        Model.Complete(stage.Model, Seconds(now), startedSeconds);
        Tally(stage, result, 1, timed: true, now);

        // An end may have read the clock before a start that came to the lock first.
        var stamps = Math.Max(0, now - started);
        stage.TimedStamps += stamps;
        return Clock.Seconds(0, stamps);
    }

    private void SetFraction(StageState stage, double fraction)
    {
        var added = fraction - stage.Fraction;
        stage.Fraction = fraction;
        stage.Partial += added;
        _partial += added;
    }

    private void Tally(StageState stage, WorkflowResult result, long count, bool timed, long now)
    {
        stage.Tally(result, count, timed);
        stage.LastTallied = now;
        _done += count;
    }

    /// <summary>Tasks without an id ended: the listeners hear of the count.</summary>
    private void TasksEnded(StageState stage, long now)
    {
        AfterTasks(stage, now);
        if (Tracker.HasTaskListeners)
        {
            Events.AddCounts(stage);
        }
    }

    private void AfterTasks(StageState stage, long now)
    {
        NoteProgress(now);
        if (stage.Untimed > 0 && stage.Done >= Model.NextKnot(stage.Model))
        {
            stage.Sync(now);
        }

        if (stage.Declared is null || stage.Declared < stage.Done)
        {
            _expectedIsKnown = false;
        }

        ReachMilestones(now);
        if (AnyCounted)
        {
            Arm(now);
        }
    }

    private bool IsLateFor(WorkflowStage attempt, string what)
    {
        if (!attempt.IsEnded)
        {
            return false;
        }

        Tracker.Errors.Add(TrackerErrors.LateUpdate, $"{what} after the end of stage '{attempt.Name}' of run '{Id}'");
        return true;
    }
}
