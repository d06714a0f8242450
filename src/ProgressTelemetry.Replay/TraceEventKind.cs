namespace ProgressTelemetry.Replay;

/// <summary>What happened: to a task, or (a wait and its end) to a stage.</summary>
public enum TraceEventKind
{
    /// <summary>A task started, or was started again after an attempt that failed.</summary>
    Start,

    /// <summary>A task ended well.</summary>
    Complete,

    /// <summary>A task failed for good.</summary>
    Fail,

    /// <summary>An attempt at a task failed, and another follows.</summary>
    Retry,

    /// <summary>A task was not needed, or its result was there already.</summary>
    Skip,

    /// <summary>A task was cut off.</summary>
    Cancel,

    /// <summary>A declared wait of a stage began.</summary>
    Wait,

    /// <summary>A declared wait ended.</summary>
    Resume,
}
