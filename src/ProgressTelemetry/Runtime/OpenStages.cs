using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;

namespace ProgressTelemetry.Runtime;

/// <summary>A run's open attempts at stages, and what is counted in them without the run's lock. All but the verbs is called under it.</summary>
internal sealed class OpenStages
{
    /// <summary>The stage of a run that was never given one.</summary>
    public const string ImplicitStage = "main";

    private readonly LiveRun _run;
    private readonly List<LiveStage> _open = [];
    private readonly CountLimits _limits;

    public OpenStages(LiveRun run)
    {
        _run = run;
        _limits = new CountLimits(run, _open);
    }

    /// <summary>Whether any task was merely counted so far: the first one of each attempt is looked at, and says so here.</summary>
    public bool AnyCounted { get; private set; }

    public LiveStage Start(string name, long? expectedTasks, DateTimeOffset? own)
    {
        LiveStage live;
        var at = _run.Now(own);
        var model = _run.Model;
        lock (_run.Gate)
        {
            var stage = model.Result is null ? model.AddStage(name, isPlanned: false, _run.Delivery.Effects) : new Stage(name, 0);
            live = new LiveStage(_run, new StageAttempt(stage));
            live.Attempt.Owner = live;
            if (_run.ApplyLocked<StartStage, bool>(new StartStage(live.Attempt, expectedTasks), at, own))
            {
                _open.Add(live);
            }
            else
            {
                live.Close();
            }
        }

        var spans = _run.Services.Spans;
        if (!live.Attempt.IsEnded && _run.Activity is not null && spans.StartStage(live) is { } span && !live.TrySetSpan(span))
        {
            // It has ended meanwhile, on another thread: its span ends here.
            spans.StopStage(live, span, (Effect)live.EndedBeforeSpan!);
        }

        _run.Delivery.HandOn();
        return live;
    }

    public void End(LiveStage live, WorkflowResult result, string? errorType, DateTimeOffset? own, bool isDispose)
    {
        var at = _run.Now(own);
        lock (_run.Gate)
        {
            Close(live);
            _run.ApplyLocked<EndStage, bool>(new EndStage(live.Attempt, result, Results.ErrorType(result, errorType), isDispose), at, own);
            _open.Remove(live);
        }

        _run.Delivery.HandOn();
    }

    /// <summary>Says where an identified task stands, in the stage that knows it, the current one, or an implicit one.</summary>
    public void UpdateTask(string taskId, WorkflowTaskState state, double? completion, DateTimeOffset? own)
    {
        LiveStage? implicitStage = null;
        while (true)
        {
            var at = _run.Now(own);
            lock (_run.Gate)
            {
                var (stage, attempt) = _run.Model.Locate(taskId);
                if (attempt is not null)
                {
                    _run.ApplyLocked<UpdateTask, bool>(new UpdateTask(attempt, taskId, state, completion), at, own);
                    break;
                }

                if (stage is not null || _run.Model.Result is not null || implicitStage is not null)
                {
                    _run.Delivery.Effects.Ignore(IgnoredReason.Late, "a task's update", stage);
                    break;
                }
            }

            implicitStage = Start(ImplicitStage, null, own);
        }

        _run.Delivery.HandOn();
    }

    /// <summary>An attempt's count came to its limit: something wants to know (a milestone, the estimator, a listener, a stall that is over).</summary>
    public void Counted()
    {
        var at = _run.Now();
        lock (_run.Gate)
        {
            AnyCounted = true;
            Sync(at);
            SetLimits();
        }

        _run.Delivery.HandOnAny();
    }

    /// <summary>Builds the update that stands for all counts of a stage since the last one.</summary>
    public TaskUpdate TakeCounts(Stage stage)
    {
        TaskUpdate update;
        var at = _run.Now();
        lock (_run.Gate)
        {
            // In this order: what is added from here on is looked at, and what was added before is among the counts below.
            stage.IsCountPending = false;
            if (_run.Model.Result is null)
            {
                SetLimits();
            }

            stage.IsCountPending = true;
            Sync(at);
            stage.IsCountPending = false;
            update = new TaskUpdate(stage.Name, null, WorkflowTaskState.Completed, null, stage.Done, stage.Expected, stage.Completion, _run.Model.Completion);
        }

        _run.Delivery.HandOnAny();
        return update;
    }

    /// <summary>Takes over what was counted without the lock.</summary>
    public void Sync(in Moment at)
    {
        if (AnyCounted)
        {
            SyncCounted(at);
        }
    }

    /// <summary>Says how far each attempt may count before somebody must look.</summary>
    public void SetLimits()
    {
        if (AnyCounted)
        {
            _limits.Set(_run.Delivery.Effects.TasksAreHeard);
        }
    }

    /// <summary>The next task of each stage is looked at.</summary>
    public void LookAtNext()
    {
        if (AnyCounted)
        {
            _limits.LookAtNext();
        }
    }

    /// <summary>Closes the counts of all: what is counted from now on is late.</summary>
    public void CloseAll()
    {
        foreach (var stage in _run.Model.Result is null ? _open : [])
        {
            Close(stage);
        }
    }

    /// <summary>None is open any more.</summary>
    public void Clear() => _open.Clear();

    private void SyncCounted(in Moment at)
    {
        foreach (var stage in _open)
        {
            if (stage.Total is var total && total > stage.Attempt.Counted)
            {
                _run.Changes++;
                _run.Model.Apply<CountTasks, bool>(new CountTasks(stage.Attempt, total), at with { At = at.Arrived }, _run.Delivery.Effects);
            }
        }

        _run.Delivery.Count();
    }

    private void Close(LiveStage live)
    {
        if (!live.Attempt.IsEnded)
        {
            live.Close();
            AnyCounted |= live.Total > live.Attempt.Counted;
        }
    }
}
