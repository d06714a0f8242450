using ProgressTelemetry.Estimation;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;

namespace ProgressTelemetry.Runtime;

/// <content>The verbs that touch more than the model: counts, spans, the registry.</content>
internal sealed partial class LiveRun
{
    public LiveStage StartStage(string name, long? expectedTasks, DateTimeOffset? own)
    {
        LiveStage live;
        var at = At(Clock.Now, own);
        lock (Gate)
        {
            var stage = Model.Result is null ? Model.AddStage(name, isPlanned: false, _effects) : new Stage(name, 0);
            live = new LiveStage(this, new StageAttempt(stage));
            live.Attempt.Owner = live;
            if (ApplyLocked<StartStage, bool>(new StartStage(live.Attempt, expectedTasks), at, own))
            {
                _open.Add(live);
            }
            else
            {
                live.Close();
            }
        }

        if (!live.Attempt.IsEnded && Activity is not null && _services.Spans.StartStage(live) is { } span && !live.TrySetSpan(span))
        {
            // It has ended meanwhile, on another thread: its span ends here.
            _services.Spans.StopStage(live, span, (Effect)live.EndedBeforeSpan!);
        }

        HandOn();
        return live;
    }

    public void EndStage(LiveStage live, WorkflowResult result, string? errorType, DateTimeOffset? own, bool isDispose)
    {
        var at = At(Clock.Now, own);
        lock (Gate)
        {
            CloseCount(live);
            ApplyLocked<EndStage, bool>(new EndStage(live.Attempt, result, Results.ErrorType(result, errorType), isDispose), at, own);
            _open.Remove(live);
        }

        HandOn();
    }

    /// <summary>Says where an identified task stands, in the stage that knows it, the current one, or an implicit one.</summary>
    public void UpdateTask(string taskId, WorkflowTaskState state, double? completion, DateTimeOffset? own)
    {
        LiveStage? implicitStage = null;
        while (true)
        {
            var at = At(Clock.Now, own);
            lock (Gate)
            {
                var (stage, attempt) = Model.Locate(taskId);
                if (attempt is not null)
                {
                    ApplyLocked<UpdateTask, bool>(new UpdateTask(attempt, taskId, state, completion), at, own);
                    break;
                }

                if (stage is not null || Model.Result is not null || implicitStage is not null)
                {
                    _effects.Ignore(IgnoredReason.Late, "a task's update", stage);
                    _anyEffects = true;
                    break;
                }
            }

            implicitStage = StartStage(ImplicitStage, null, own);
        }

        HandOn();
    }

    /// <summary>An attempt's count came to its limit: something wants to know (a milestone, the estimator, a listener, a stall that is over).</summary>
    public void Counted()
    {
        var at = At(Clock.Now);
        lock (Gate)
        {
            AnyCounted = true;
            Sync(at);
            _limits.Set(_effects.TasksAreHeard);
        }

        if (_anyEffects)
        {
            HandOn();
        }
    }

    /// <summary>Builds the update that stands for all counts of a stage since the last one.</summary>
    public TaskUpdate TakeCounts(Stage stage)
    {
        TaskUpdate update;
        var at = At(Clock.Now);
        lock (Gate)
        {
            // In this order: what is added from here on is looked at, and what was added before is among the counts below.
            stage.IsCountPending = false;
            if (AnyCounted && Model.Result is null)
            {
                _limits.Set(_effects.TasksAreHeard);
            }

            stage.IsCountPending = true;
            Sync(at);
            stage.IsCountPending = false;
            update = new TaskUpdate(stage.Name, null, WorkflowTaskState.Completed, null, stage.Done, stage.Expected, stage.Completion, Model.Completion);
        }

        if (_anyEffects)
        {
            HandOn();
        }

        return update;
    }

    /// <summary>A timed task ends. Its duration is recorded at once, and not queued: there may be millions.</summary>
    public void EndTask(TimedTask task, int version, WorkflowResult result, DateTimeOffset? own, bool isDispose)
    {
        if (Apply<EndTask, double?>(new EndTask(task, version, result, isDispose), own) is { } seconds)
        {
            _services.TaskEnded(this, task.Attempt.Stage, result, seconds);
        }
    }

    /// <summary>Ends the run if it is that owner's to end; where this process only takes part in it, leaves it.</summary>
    public void End(int ownership, WorkflowResult result, string? errorType, DateTimeOffset? own, bool isDispose = false)
    {
        if (ownership == Ownership)
        {
            End(result, errorType, own, isDispose, IsPart ? RunEnding.Left : RunEnding.Own);
        }
    }

    /// <summary>Ends the run; a run that has ended stays as it is. Returns whether it ended now.</summary>
    public bool End(WorkflowResult result, string? errorType, DateTimeOffset? own = null, bool isDispose = false, RunEnding ending = RunEnding.Own)
    {
        errorType = Results.ErrorType(result, errorType);
        bool isOver;
        var now = Clock.Now;
        var at = At(now, own);
        lock (Gate)
        {
            CloseCounts();

            isOver = ApplyLocked<EndRun, bool>(new EndRun(result, errorType, isDispose, ending), at, own);
            if (isOver)
            {
                _open.Clear();
                (EndStamp, Ending, IsPublished) = (now, ending, true);
                Timeline?.End(this);
                if (result == WorkflowResult.Success && ending != RunEnding.Left && _services.Settings.HistoryPerWorkflow > 0)
                {
                    Profile = ProfileMaker.Of(Model, Model.EndedAt, Identity.Version);
                }

                Volatile.Write(ref _final, StatusMaker.Of(this, EndStamp));

                // The id is free before anybody hears of the end.
                _services.Ended(this);
            }
        }

        HandOn();
        return isOver;
    }

    /// <summary>An attempt at the whole run failed, and another follows.</summary>
    public void Retry(WorkflowResult result, string? errorType, DateTimeOffset? own)
    {
        var at = At(Clock.Now, own);
        lock (Gate)
        {
            CloseCounts();

            if (ApplyLocked<RetryRun, bool>(new RetryRun(result, Results.ErrorType(result, errorType)), at, own))
            {
                _open.Clear();
            }
        }

        HandOn();
    }

    /// <summary>Somebody goes on with the run as its owner. Returns the new owner's number.</summary>
    public int TakeOver()
    {
        int owner;
        var at = At(Clock.Now);
        lock (Gate)
        {
            CloseCounts();

            ApplyLocked<TakeOverRun, bool>(default, at, own: null);
            _open.Clear();
            owner = ++_ownership;
        }

        HandOn();
        return owner;
    }

    public void ListenersChanged(bool tasksAreHeard)
    {
        lock (Gate)
        {
            _effects.TasksAreHeard = tasksAreHeard;
            if (AnyCounted && Model.Result is null)
            {
                _limits.Set(tasksAreHeard);
            }
        }
    }

    private void CloseCounts()
    {
        foreach (var stage in Model.Result is null ? _open : [])
        {
            CloseCount(stage);
        }
    }

    private void CloseCount(LiveStage live)
    {
        if (!live.Attempt.IsEnded)
        {
            live.Close();
            AnyCounted |= live.Total > live.Attempt.Counted;
        }
    }
}
