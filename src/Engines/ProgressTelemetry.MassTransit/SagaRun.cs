namespace ProgressTelemetry.MassTransit;

/// <summary>An instance of a state machine, as a run: the state that it is in is the stage that is open, and waits for events.</summary>
internal sealed class SagaRun(Func<WorkflowRun> start, DateTimeOffset now)
{
    private readonly Lock _gate = new();
    private WorkflowRun? _run;
    private WorkflowStage? _stage;
    private WorkflowTask _task;
    private bool _isOver;

    /// <summary>When it last changed its state.</summary>
    public DateTimeOffset LastChange { get; private set; } = now;

    /// <summary>The instance is in a state.</summary>
    /// <returns>False when the run has ended.</returns>
    public bool TryEnter(string state, DateTimeOffset at)
    {
        lock (_gate)
        {
            // An event that failed after it changed the state is tried again from the state before, and comes to this one a second time.
            if (!_isOver && _stage?.Name != state)
            {
                _run ??= start();
                Leave(WorkflowResult.Success);
                _stage = _run.StartStage(state);
                _task = _stage.StartTask();
                _stage.Wait("event");
            }

            LastChange = at;
            return !_isOver;
        }
    }

    /// <summary>An event failed.</summary>
    public void Retry(Exception exception)
    {
        lock (_gate)
        {
            _task.Retry(exception);
        }
    }

    /// <summary>Ends the run.</summary>
    public void End(WorkflowResult result)
    {
        lock (_gate)
        {
            _isOver = true;
            Leave(result);
            _run?.End(result);
        }
    }

    // The stage's end ends its wait.
    private void Leave(WorkflowResult result)
    {
        _task.End(result);
        _stage?.End(result);
        _stage = null;
    }
}
