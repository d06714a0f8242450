namespace ProgressTelemetry.Tests.Support;

/// <summary>Writes down what it hears, and may react to it.</summary>
internal sealed class RecordingListener : ProgressListener
{
    [ThreadStatic]
    private static bool t_isHearing;

    private readonly Lock _gate = new();
    private readonly List<string> _heard = [];
    private readonly List<TaskUpdate> _updates = [];
    private WorkflowStatus? _final;

    /// <summary>Whose pump is waited for before anything is read here; null reads what is there.</summary>
    public ProgressTracker? Tracker { get; set; }

    public IReadOnlyList<string> Heard
    {
        get
        {
            Drain();
            lock (_gate)
            {
                return [.. _heard];
            }
        }
    }

    public IReadOnlyList<TaskUpdate> Updates
    {
        get
        {
            Drain();
            lock (_gate)
            {
                return [.. _updates];
            }
        }
    }

    public WorkflowStatus? Final
    {
        get
        {
            Drain();
            return _final;
        }
    }

    /// <summary>Called after each thing heard, with what was written down.</summary>
    public Action<string>? Reaction { get; set; }

    public int Count(string what) => Heard.Count(h => h == what);

    public override void OnRunStarted(WorkflowRun run) => Hear($"run {run.Workflow} started");

    public override void OnRunEnded(WorkflowRun run, WorkflowStatus final)
    {
        _final = final;
        Hear($"run {run.Workflow} ended {final.Result}");
    }

    public override void OnStageStarted(WorkflowStage stage) => Hear($"stage {stage.Name} started");

    public override void OnStageEnded(WorkflowStage stage, WorkflowResult result) => Hear($"stage {stage.Name} ended {result}");

    public override void OnTaskUpdated(WorkflowRun run, TaskUpdate update)
    {
        lock (_gate)
        {
            _updates.Add(update);
        }

        Hear(update.TaskId is null ? $"tasks {update.CompletedTasks}" : $"task {update.TaskId} {update.State}");
    }

    public override void OnMilestoneReached(WorkflowRun run, MilestoneStatus milestone) => Hear($"milestone {milestone.Name}");

    public override void OnRevision(WorkflowStage stage, string? reason, string? version) => Hear($"revision {stage.Name} {reason} {version}");

    public override void OnStalled(WorkflowRun run, TimeSpan silence) => Hear("stalled");

    public override void OnResumed(WorkflowRun run) => Hear("resumed");

    public override void OnDeadlineForecastLate(WorkflowRun run, TimeEstimate estimate) => Hear("forecast late");

    public override void OnDeadlineMissed(WorkflowRun run) => Hear("deadline missed");

    private void Hear(string what)
    {
        lock (_gate)
        {
            _heard.Add(what);
        }

        t_isHearing = true;
        try
        {
            Reaction?.Invoke(what);
        }
        finally
        {
            t_isHearing = false;
        }
    }

    // Not from within a call: that would wait for itself.
    private void Drain()
    {
        if (!t_isHearing)
        {
            Tracker?.Drain();
        }
    }
}
