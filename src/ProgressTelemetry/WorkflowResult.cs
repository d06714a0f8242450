namespace ProgressTelemetry;

/// <summary>
/// How a task, a stage or a run ended: the values of <c>workflow.task.result</c>, <c>workflow.stage.result</c> and <c>workflow.run.result</c>,
/// as in the CI/CD semantic conventions' <c>cicd.pipeline.result</c>.
/// </summary>
public enum WorkflowResult
{
    /// <summary>It did what it should (<c>success</c>).</summary>
    Success,

    /// <summary>It finished, and its work failed (<c>failure</c>).</summary>
    Failure,

    /// <summary>The system that ran it failed (<c>error</c>).</summary>
    Error,

    /// <summary>It ran out of time (<c>timeout</c>).</summary>
    Timeout,

    /// <summary>Somebody cancelled it (<c>cancellation</c>).</summary>
    Cancellation,

    /// <summary>It was not needed (<c>skip</c>).</summary>
    Skip,

    /// <summary>It was disposed without a result (<c>abandoned</c>): most often an exception passed through its <c>using</c>.</summary>
    Abandoned,
}
