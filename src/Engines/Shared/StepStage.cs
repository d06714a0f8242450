namespace ProgressTelemetry.Following;

/// <summary>The steps of one name in a run, as one of its stages. Not thread-safe: its run's lock guards it.</summary>
internal sealed class StepStage(string name)
{
    private WaitScope? _idle;
    private WorkflowResult _result;
    private long? _expected;
    private string? _errorType;

    public string Name => name;

    /// <summary>The open stage; null before its first step, and between the end of it and one more step.</summary>
    public WorkflowStage? Handle { get; private set; }

    /// <summary>How many of its steps are under way.</summary>
    public int Active { get; set; }

    /// <summary>Starts the stage if it isn't open, and ends its rest.</summary>
    public WorkflowStage Open(WorkflowRun run)
    {
        Handle ??= run.StartStage(name, _expected);
        _idle?.Dispose();
        _idle = null;
        return Handle;
    }

    /// <summary>It has so many more tasks.</summary>
    public void ExpectMore(long tasks)
    {
        _expected = (_expected ?? 0) + tasks;
        Handle?.ExpectTasks(_expected.Value);
    }

    /// <summary>One of its steps ended.</summary>
    public void Note(WorkflowResult result, string? errorType) => Results.Worsen(ref _result, ref _errorType, result, errorType);

    /// <summary>Lets the open stage wait.</summary>
    public void Rest(string reason) => _idle ??= Handle?.Wait(reason);

    /// <summary>Ends the open stage; its end ends its waits.</summary>
    public void End()
    {
        Handle?.End(_result, _errorType);
        (Handle, _idle, _result, _errorType) = (null, null, WorkflowResult.Success, null);
    }
}
