namespace ProgressTelemetry.Model;

/// <summary>What results mean: decided here, once, for the estimator, stalls, milestones, status and signals.</summary>
internal static class Results
{
    private static readonly string[] Names = ["success", "failure", "error", "timeout", "cancellation", "skip", "abandoned"];

    /// <summary>The attribute value.</summary>
    public static string Name(this WorkflowResult result) => Names[(int)result];

    public static WorkflowState ToState(this WorkflowResult result) => result switch
    {
        // A skipped stage is over and nothing is wrong.
        WorkflowResult.Success or WorkflowResult.Skip => WorkflowState.Succeeded,
        WorkflowResult.Cancellation => WorkflowState.Cancelled,
        WorkflowResult.Abandoned => WorkflowState.Abandoned,
        _ => WorkflowState.Failed,
    };

    /// <summary>Whether it ended well: what was expected beyond what was done was then not needed.</summary>
    public static bool IsGood(this WorkflowResult result) => result is WorkflowResult.Success or WorkflowResult.Skip;

    /// <summary>Whether it failed: an error for its span, an attempt that may be made again.</summary>
    public static bool IsError(this WorkflowResult result) => result is WorkflowResult.Failure or WorkflowResult.Error or WorkflowResult.Timeout;

    /// <summary>Whether a task was cut off before its turn was over: it is counted, but not done.</summary>
    public static bool IsCutOff(this WorkflowResult result) => result is WorkflowResult.Cancellation or WorkflowResult.Abandoned;

    /// <summary>Whether a task's time is evidence of the pace of others.</summary>
    public static bool IsWork(this WorkflowResult result) => result == WorkflowResult.Success || result.IsError();

    public static WorkflowTaskState ToTaskState(this WorkflowResult result) => result switch
    {
        WorkflowResult.Success => WorkflowTaskState.Completed,
        WorkflowResult.Skip => WorkflowTaskState.Skipped,
        WorkflowResult.Cancellation or WorkflowResult.Abandoned => WorkflowTaskState.Cancelled,
        _ => WorkflowTaskState.Failed,
    };

    public static WorkflowResult ToResult(this WorkflowTaskState state) => state switch
    {
        WorkflowTaskState.Completed => WorkflowResult.Success,
        WorkflowTaskState.Failed => WorkflowResult.Failure,
        WorkflowTaskState.Skipped => WorkflowResult.Skip,
        _ => WorkflowResult.Cancellation,
    };

    /// <summary>
    /// The result that an exception stands for. Cancellation is what the caller's token asked for; a body's own time-out ends as a <see cref="TimeoutException"/> or as a cancellation that nobody outside asked for.
    /// </summary>
    public static WorkflowResult Of(Exception exception, bool isCancelled) => exception switch
    {
        // HttpClient tells of its timeout as a cancellation with the timeout inside.
        OperationCanceledException { InnerException: TimeoutException } => WorkflowResult.Timeout,
        OperationCanceledException => isCancelled ? WorkflowResult.Cancellation : WorkflowResult.Timeout,
        TimeoutException => WorkflowResult.Timeout,
        _ => WorkflowResult.Failure,
    };

    /// <summary>
    /// The <c>error.type</c> of a result, the same for spans, histograms and status: none unless the result is an error; the result's name where the caller gave none; bounded as all label values are. Cut, not refused:
    /// who reports a failure must not get another one.
    /// </summary>
    public static string? ErrorType(WorkflowResult result, string? errorType) =>
        !IsError(result) ? null
        : string.IsNullOrWhiteSpace(errorType) ? Name(result)
        : errorType.Length <= ProgressTelemetry.Checked.MaxNameLength ? errorType
        : errorType[..ProgressTelemetry.Checked.MaxNameLength];

    public static WorkflowResult Checked(WorkflowResult result) => Enum.IsDefined(result)
        ? result
        : throw new ArgumentOutOfRangeException(nameof(result), result, "This is no result.");
}
