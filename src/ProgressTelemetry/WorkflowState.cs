namespace ProgressTelemetry;

/// <summary>Where a run or a stage stands. The numbers are those of the <c>workflow.run.state</c> and <c>workflow.run.stage.state</c> gauges.</summary>
public enum WorkflowState
{
    /// <summary>Planned, not started.</summary>
    Pending = 0,

    /// <summary>Working.</summary>
    Running = 1,

    /// <summary>Inside a declared wait (an approval, a queue, a rate limit): neither progress nor a stall.</summary>
    Waiting = 2,

    /// <summary>Silent for longer than its stall threshold.</summary>
    Stalled = 3,

    /// <summary>Ended well, or skipped.</summary>
    Succeeded = 4,

    /// <summary>Ended with a failure, an error or a timeout.</summary>
    Failed = 5,

    /// <summary>Ended because somebody cancelled it.</summary>
    Cancelled = 6,

    /// <summary>Disposed without a result.</summary>
    Abandoned = 7,
}
