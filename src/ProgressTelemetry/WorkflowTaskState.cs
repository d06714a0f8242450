namespace ProgressTelemetry;

/// <summary>What an update says of one identified task. The last four end it; after one of those, later updates are late and ignored.</summary>
public enum WorkflowTaskState
{
    /// <summary>Known, not started.</summary>
    Pending,

    /// <summary>Being worked on.</summary>
    Running,

    /// <summary>Ended well.</summary>
    Completed,

    /// <summary>Ended with a failure.</summary>
    Failed,

    /// <summary>Not needed.</summary>
    Skipped,

    /// <summary>Cancelled.</summary>
    Cancelled,
}
