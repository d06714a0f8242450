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

    public void ExpectTasks(WorkflowStage attempt, long tasks, long now) => ExpectTasks(attempt, tasks, onTopOfDone: false, now);

    public void ExpectMoreTasks(WorkflowStage attempt, long tasks, long now) => ExpectTasks(attempt, tasks, onTopOfDone: true, now);

    private void ExpectTasks(WorkflowStage attempt, long tasks, bool onTopOfDone, long now)
    {
        lock (Gate)
        {
            if (IsLateFor(attempt, "ExpectTasks"))
            {
                return;
            }

            Expect(attempt.State, onTopOfDone ? attempt.State.Done + tasks : tasks, now);
            ExpectationChanged(now);
        }

        Events.Tell();
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

    public bool BeginWait(WorkflowStage attempt, long now)
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
            stage = AddStage(name, expectedTasks);
        }
        else if (expectedTasks is { } tasks)
        {
            // Another attempt's tasks come on top of those that were done.
            Expect(stage, stage.Done + tasks, now);
        }

        NoteProgress(now);
        Model.Enter(stage.Model, Seconds(now));
        stage.Started ??= now;
        var attempt = new WorkflowStage(stage, now);
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
        attempt.AbandonTasks(now);
        var counts = attempt.Close();
        _active.Remove(attempt);
        stage.RemoveAttempt(attempt, counts);
        _done += counts;
        if (!stage.IsActive)
        {
            AbandonIdentified(stage, now);
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
