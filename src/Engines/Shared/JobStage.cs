namespace ProgressTelemetry.Following;

/// <summary>The jobs of one name in a run, as one of its stages. Not thread-safe: its run's lock guards it.</summary>
internal sealed class JobStage(string name, int index)
{
    private readonly HashSet<string> _after = new(StringComparer.Ordinal);
    private WaitScope? _idle;
    private WorkflowResult _result;
    private string? _errorType;
    private int _told;

    public string Name => name;

    /// <summary>Its place in the order in which stages became known.</summary>
    public int Index => index;

    public bool IsPlanned { get; private set; }

    /// <summary>How many jobs it has.</summary>
    public int Known { get; set; }

    /// <summary>How many of them may still run.</summary>
    public int Left { get; set; }

    /// <summary>How many run, or are between two attempts.</summary>
    public int Active { get; set; }

    /// <summary>How many could run, and have not yet.</summary>
    public int Ready { get; set; }

    /// <summary>The open stage; null before its first job, and between its last and one more.</summary>
    public WorkflowStage? Handle { get; private set; }

    /// <summary>It waits for another stage. Only for one that became known before it does the plan say so: a plan may not lead back to itself, as an engine's graph of jobs may.</summary>
    public void WaitsFor(JobStage stage)
    {
        if (!IsPlanned && stage.Index < index)
        {
            _after.Add(stage.Name);
        }
    }

    public PlannedStage Plan()
    {
        IsPlanned = true;
        return new PlannedStage(name, Known, _after);
    }

    /// <summary>Starts the stage if it isn't open, and ends its wait for others.</summary>
    public WorkflowStage Open(WorkflowRun run)
    {
        Handle ??= run.StartStage(name, Known);
        _told = Known;
        _idle?.Dispose();
        _idle = null;
        return Handle;
    }

    /// <summary>Says how many jobs the open stage has, when there are more.</summary>
    public void TellKnown()
    {
        if (Handle is { } open && _told != Known)
        {
            open.ExpectTasks(Known);
            _told = Known;
        }
    }

    /// <summary>One of its jobs ended.</summary>
    public void Note(WorkflowResult result, string? errorType) => Results.Worsen(ref _result, ref _errorType, result, errorType);

    /// <summary>Ends the stage when no job of it is left; lets it wait while none of those left can run.</summary>
    public void Rest()
    {
        if (Handle is not { } open)
        {
            return;
        }

        if (Left == 0)
        {
            open.End(_result, _errorType);
            (Handle, _idle, _result, _errorType) = (null, null, WorkflowResult.Success, null);
        }
        else if (Active == 0 && Ready == 0)
        {
            _idle ??= open.Wait("other stages");
        }
    }
}
