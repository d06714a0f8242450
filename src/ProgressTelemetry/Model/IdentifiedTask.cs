namespace ProgressTelemetry.Model;

/// <summary>A task with an id, from its first mention on. It may be tried again: it counts once, and its last result counts.</summary>
internal sealed class IdentifiedTask(string id)
{
    public string Id { get; } = id;

    public WorkflowTaskState State { get; set; } = WorkflowTaskState.Pending;

    /// <summary>0 to 1, never less than before within one attempt.</summary>
    public double Completion { get; set; }

    /// <summary>When an update said that it started, s since the run's start; timed tasks keep their own.</summary>
    public double? StartedAt { get; set; }

    /// <summary>What the run had lost to stalls then, s.</summary>
    public double LostBefore { get; set; }

    /// <summary>The handle that times it, while it runs as a timed task.</summary>
    public TimedTask? Handle { get; set; }

    /// <summary>Whether it is among the tasks done, since an earlier attempt at it ended.</summary>
    public bool IsDone { get; set; }

    /// <summary>How it ended, while that may still be taken back by another attempt.</summary>
    public WorkflowResult? LastResult { get; set; }

    public bool IsOver => State >= WorkflowTaskState.Completed;

    /// <summary>Whether another attempt at it may begin: it ended, and not well.</summary>
    public bool MayBeRetried => State is WorkflowTaskState.Failed or WorkflowTaskState.Cancelled;
}
