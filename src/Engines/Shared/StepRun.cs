namespace ProgressTelemetry.Following;

/// <summary>
/// A run whose steps an engine tells of as they come, each a task of the stage of its name. A stage is open from its first step on until another stage starts while it has none under way; when nothing is under way, the stages that are open wait.
/// The engine may tell from many threads, and of the same thing twice.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="idle">What the run waits for while nothing of it is under way.</param>
/// <param name="now">The time.</param>
internal sealed class StepRun(WorkflowRun run, string idle, DateTimeOffset now)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Step> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StepStage> _stages = new(StringComparer.Ordinal);
    private DateTimeOffset _lastChange = now;
    private bool _isClosed;

    /// <summary>When to look up what others have done with it.</summary>
    public LookTimes Looks { get; } = new(now);

    /// <summary>When something was last told of it.</summary>
    public DateTimeOffset LastChange
    {
        get
        {
            lock (_gate)
            {
                return _lastChange;
            }
        }
    }

    /// <summary>The steps that are under way.</summary>
    public IReadOnlyList<string> UnderWay
    {
        get
        {
            lock (_gate)
            {
                return [.. _steps.Keys];
            }
        }
    }

    /// <summary>A step starts, or goes on after a wait or an attempt that failed.</summary>
    /// <param name="id">The step.</param>
    /// <param name="stageName">Its stage.</param>
    /// <param name="at">When.</param>
    /// <param name="isTask">Whether it is a task of the stage, or counted otherwise.</param>
    /// <returns>The stage; null when the run has ended.</returns>
    public WorkflowStage? Begin(string id, string stageName, DateTimeOffset at, bool isTask = true)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return null;
            }

            _lastChange = at;
            if (_steps.TryGetValue(id, out var known))
            {
                known.EndWait();
                return known.Stage.Handle;
            }

            var stage = Stage(stageName);
            foreach (var other in _stages.Values.Where(other => other != stage && other.Active == 0))
            {
                other.End();
            }

            var open = stage.Open(run);
            _steps.Add(id, new Step(stage) { Task = isTask ? open.StartTask(id) : default });
            stage.Active++;
            return open;
        }
    }

    /// <summary>A step that is under way goes on, if it is of that stage.</summary>
    /// <returns>The stage; null if no such step is under way.</returns>
    public WorkflowStage? GoOn(string id, string stageName, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (Find(id, at) is not { } step || step.Stage.Name != stageName)
            {
                return null;
            }

            step.EndWait();
            return step.Stage.Handle;
        }
    }

    /// <summary>The stage of a step that is under way.</summary>
    public WorkflowStage? StageOf(string id)
    {
        lock (_gate)
        {
            return _steps.TryGetValue(id, out var step) ? step.Stage.Handle : null;
        }
    }

    /// <summary>A stage has so many more tasks than was known.</summary>
    public void ExpectMore(string stageName, long tasks)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                Stage(stageName).ExpectMore(tasks);
            }
        }
    }

    /// <summary>A step waits, until it goes on or ends.</summary>
    public void Wait(string id, string reason, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (Find(id, at) is { } step)
            {
                step.Wait(reason);
            }
        }
    }

    /// <summary>An attempt at a step failed, and the engine may try again.</summary>
    public void Retry(string id, string errorType, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (Find(id, at) is { } step)
            {
                step.Task.Retry(errorType);
                step.Wait("retry");
            }
        }
    }

    /// <summary>A step has ended.</summary>
    public void End(string id, WorkflowResult result, string? errorType, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (Find(id, at) is not { } step)
            {
                return;
            }

            _steps.Remove(id);
            step.EndWait();
            step.Task.End(result);
            step.Stage.Active--;
            step.Stage.Note(result, errorType);
            if (_steps.Count == 0)
            {
                foreach (var stage in _stages.Values)
                {
                    stage.Rest(idle);
                }
            }
        }
    }

    /// <summary>Ends the run. Steps that are under way are cut off.</summary>
    public void Close(WorkflowResult result, string? errorType, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            (_isClosed, _lastChange) = (true, at);
            foreach (var step in _steps.Values)
            {
                step.EndWait();
                step.Task.Cancel();
                step.Stage.Note(WorkflowResult.Cancellation, null);
            }

            foreach (var stage in _stages.Values)
            {
                stage.End();
            }

            run.End(result, errorType);
        }
    }

    private StepStage Stage(string name)
    {
        if (!_stages.TryGetValue(name, out var stage))
        {
            _stages.Add(name, stage = new StepStage(name));
        }

        return stage;
    }

    private Step? Find(string id, DateTimeOffset at)
    {
        if (_isClosed || !_steps.TryGetValue(id, out var step))
        {
            return null;
        }

        _lastChange = at;
        return step;
    }

    private sealed class Step(StepStage stage)
    {
        private WaitScope? _wait;

        public StepStage Stage => stage;

        public WorkflowTask Task { get; init; }

        public void Wait(string reason)
        {
            EndWait();
            _wait = stage.Handle?.Wait(reason);
        }

        public void EndWait()
        {
            _wait?.Dispose();
            _wait = null;
        }
    }
}
