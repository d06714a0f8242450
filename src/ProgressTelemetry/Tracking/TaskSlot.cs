namespace ProgressTelemetry.Tracking;

/// <summary>A running timed task. Slots are used again; the version tells a task that has ended from the slot's next one.</summary>
internal sealed class TaskSlot(WorkflowStage stage)
{
    private int _version;

    public WorkflowStage Stage { get; } = stage;

    /// <summary>Changed under the run's lock, read without it.</summary>
    public int Version
    {
        get => Volatile.Read(ref _version);
        set => Volatile.Write(ref _version, value);
    }

    public bool IsRunning { get; set; }

    public long Started { get; set; }

    /// <summary>The same for the estimator, which doesn't let time run backwards between threads.</summary>
    public double StartedSeconds { get; set; }

    public IdentifiedTask? Identity { get; set; }

    public TaskSlot? NextFree { get; set; }
}

/// <summary>A task with an id, from its first mention on.</summary>
internal sealed class IdentifiedTask(string id)
{
    public string Id { get; } = id;

    public WorkflowTaskState State { get; set; } = WorkflowTaskState.Pending;

    /// <summary>0 to 1, never less than before.</summary>
    public double Completion { get; set; }

    /// <summary>When it started to run, as updates said; timed tasks keep their own.</summary>
    public long? Started { get; set; }

    /// <summary>The same for the estimator, which doesn't let time run backwards between threads.</summary>
    public double StartedSeconds { get; set; }

    /// <summary>The slot that times it, while it runs as a timed task.</summary>
    public TaskSlot? Slot { get; set; }

    public bool IsOver => State >= WorkflowTaskState.Completed;
}
