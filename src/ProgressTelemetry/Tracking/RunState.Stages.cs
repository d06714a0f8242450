using ProgressTelemetry.Instrumentation;

namespace ProgressTelemetry.Tracking;

/// <content>Stages and their attempts.</content>
internal sealed partial class RunState
{
    public WorkflowStage StartStage(string name, long? expectedTasks, long now)
    {
        WorkflowStage attempt;
        lock (Gate)
        {
            if (IsLate("StartStage"))
            {
                return WorkflowStage.Ended(this, name);
            }

            attempt = StartAttempt(name, expectedTasks, now);
        }

        Events.Tell();
        return attempt;
    }

    public void EndStage(WorkflowStage attempt, WorkflowResult result, string? errorType, long now, bool isDispose = false)
    {
        errorType = Results.ErrorType(result, errorType);
        lock (Gate)
        {
            if (attempt.IsEnded)
            {
                if (!isDispose)
                {
                    Tracker.Errors.Add(TrackerErrors.LateUpdate, $"stage '{attempt.Name}' of run '{Id}' has ended already");
                }

                return;
            }

            EndAttempt(attempt, result, errorType, now);
            ExpectationChanged(now);
        }

        Events.Tell();
    }

    public void ExpectTasks(WorkflowStage attempt, long tasks, long now)
    {
        lock (Gate)
        {
            if (IsLateFor(attempt, "ExpectTasks"))
            {
                return;
            }

            Expect(attempt.State, tasks, now);
            ExpectationChanged(now);
        }

        Events.Tell();
    }

    /// <summary>A loop begins that will do so many tasks, beside what other loops do.</summary>
    public void BeginLoop(WorkflowStage attempt, long tasks, long now)
    {
        lock (Gate)
        {
            if (IsLateFor(attempt, "TrackProgress"))
            {
                return;
            }

            var stage = attempt.State;
            stage.AnnouncedByLoops = Announced(stage, stage.AnnouncedByLoops, tasks);
            Expect(stage, stage.AnnouncedByLoops, now);
            ExpectationChanged(now);
        }

        Events.Tell();
    }

    /// <summary>A loop was left with so many of its tasks undone: the next one's tasks don't come on top of those.</summary>
    public void LeaveLoop(WorkflowStage attempt, long undone)
    {
        lock (Gate)
        {
            attempt.State.AnnouncedByLoops -= Math.Min(undone, attempt.State.AnnouncedByLoops);
        }
    }

    /// <summary>A revision is of the stage's work, which may have ended; only the run must be live.</summary>
    public void Revise(WorkflowStage attempt, string? reason, string? version, long now)
    {
        lock (Gate)
        {
            if (IsLate("RecordRevision"))
            {
                return;
            }

            attempt.State.Revisions++;
            attempt.State.Definition.Revised();
            NoteProgress(now);
            Events.Add(new RunEvent(RunEventKind.Revision) { Stage = attempt, Reason = reason, Version = version });
        }

        Events.Tell();
    }

    public void AddItems(WorkflowStage attempt, string kind, long count, long now)
    {
        lock (Gate)
        {
            if (IsLateFor(attempt, "RecordItems"))
            {
                return;
            }

            if (!attempt.State.TryAddItems(kind, count))
            {
                Tracker.Errors.Add(TrackerErrors.CountOverflow, $"stage '{attempt.Name}' of workflow '{Workflow}' has 2^53 items of kind '{kind}'");
                return;
            }

            // None of a kind only declares it.
            if (count > 0)
            {
                NoteProgress(now);
            }
        }

        Events.Tell();
    }

    public bool BeginWait(WorkflowStage attempt, string reason, long now)
    {
        lock (Gate)
        {
            if (IsLateFor(attempt, "Wait"))
            {
                return false;
            }

            // A wait is no progress; but who declares it isn't stuck.
            Resume();
            _quietSince = now;
            SyncCounts(now);
            attempt.Waits++;
            if (attempt.State.Waits++ == 0)
            {
                attempt.State.Course.WaitBegan(now);
            }

            Model.BeginWait(attempt.State.Model, Seconds(now));
            Events.Add(new RunEvent(RunEventKind.Waits) { Stage = attempt, Reason = reason });
        }

        Events.Tell();
        return true;
    }

    public void EndWait(WorkflowStage attempt, long now)
    {
        lock (Gate)
        {
            // The end of a stage ends its waits.
            if (attempt.IsEnded || attempt.Waits == 0)
            {
                return;
            }

            attempt.Waits--;
            EndOneWait(attempt.State, now);
        }
    }

    private StageState AddStage(string name, long? expectedTasks, IReadOnlyList<string>? dependsOn = null)
    {
        var stage = new StageState(this, name, _stages.Count + 1, Tracker.Definitions.Stage(Definition, name), Model.AddStage(name, expectedTasks))
        {
            Declared = expectedTasks,
            DependsOn = dependsOn ?? [],
        };
        _stages.Add(stage);
        _stagesByName.Add(name, stage);
        stage.Definition.Attach(stage);
        _expectedIsKnown = false;
        return stage;
    }

    private WorkflowStage StartAttempt(string name, long? expectedTasks, long now)
    {
        if (!_stagesByName.TryGetValue(name, out var stage))
        {
            stage = AddStage(name, null);
        }

        if (expectedTasks is { } tasks)
        {
            stage.AnnouncedByAttempts = Announced(stage, stage.AnnouncedByAttempts, tasks);
            Expect(stage, stage.AnnouncedByAttempts, now);
        }

        NoteProgress(now);
        Model.Enter(stage.Model, Seconds(now));
        stage.Started ??= now;
        var attempt = new WorkflowStage(stage, now) { Announced = expectedTasks ?? 0 };
        stage.AddAttempt(attempt);
        stage.Course.Began(now);
        stage.Definition.AttemptStarted();
        attempt.Activity = Tracker.Spans.StartStage(this, stage, now);
        _active.Add(attempt);
        Events.Add(new RunEvent(RunEventKind.StageStarted) { Stage = attempt });
        ExpectationChanged(now);
        return attempt;
    }

    private void EndAttempt(WorkflowStage attempt, WorkflowResult result, string? errorType, long now)
    {
        var stage = attempt.State;
        now = Math.Max(now, attempt.StartedAt);
        attempt.AbandonTasks(now);
        var counts = attempt.Close();
        _active.Remove(attempt);
        stage.RemoveAttempt(attempt, counts);
        _done += counts;
        if (!stage.IsActive)
        {
            AbandonIdentified(stage, now);

            // What nobody works on any more may be begun again: another attempt's tasks come on top of those that were done.
            stage.AnnouncedByAttempts = stage.AnnouncedByLoops = 0;
        }
        else if (result is not (WorkflowResult.Success or WorkflowResult.Skip))
        {
            stage.AnnouncedByAttempts -= Math.Clamp(attempt.Announced - attempt.Tallied - counts, 0, stage.AnnouncedByAttempts);
        }

        if (result is WorkflowResult.Success or WorkflowResult.Skip && stage.Done == 0 && stage.Declared is null or 1)
        {
            // A stage that was never given tasks is itself one task; a fraction of it that was reported is now the whole.
            SetFraction(stage, 0);
            Tally(stage, result, 1, timed: false, now);
        }

        for (; attempt.Waits > 0; attempt.Waits--)
        {
            EndOneWait(stage, now);
        }

        stage.Sync(now);
        stage.Result = result;
        stage.Ended = now;
        stage.Course.Ended(attempt.StartedAt, result, now);
        NoteProgress(now);
        Model.Leave(stage.Model, Seconds(now), finished: result is WorkflowResult.Success or WorkflowResult.Skip);
        stage.Definition.AttemptEnded();
        RunSpans.SetResult(attempt, result, errorType);
        Tracker.Instruments.StageEnded(Clock.Seconds(attempt.StartedAt, now), stage.Definition.StageDuration.For(result, errorType), attempt.Activity);
        Events.Add(new RunEvent(RunEventKind.StageEnded) { Stage = attempt, Result = result, At = now });
        _expectedIsKnown = false;
    }

    private static long Announced(StageState stage, long before, long tasks) => Math.Min(Math.Max(before, stage.Done) + tasks, Checked.MaxCount);

    private void Expect(StageState stage, long tasks, long now)
    {
        stage.Declared = Math.Max(Math.Min(tasks, Checked.MaxCount), stage.Declared ?? 0);
        Model.Expect(stage.Model, stage.Declared.Value, Seconds(now));
        _expectedIsKnown = false;
    }

    private void EndOneWait(StageState stage, long now)
    {
        if (--stage.Waits == 0)
        {
            stage.Course.WaitEnded(now);
        }

        Model.EndWait(stage.Model, Seconds(now));
        _quietSince = now;
    }
}
