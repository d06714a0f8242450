namespace ProgressTelemetry.Instrumentation;

/// <summary>Results as attribute values and as states.</summary>
internal static class Results
{
    private static readonly string[] Names = ["success", "failure", "error", "timeout", "cancellation", "skip", "abandoned"];

    public static string Name(WorkflowResult result) => Names[(int)result];

    public static WorkflowState ToState(WorkflowResult result) => result switch
    {
        // A skipped stage is over and nothing is wrong.
        WorkflowResult.Success or WorkflowResult.Skip => WorkflowState.Succeeded,
        WorkflowResult.Cancellation => WorkflowState.Cancelled,
        WorkflowResult.Abandoned => WorkflowState.Abandoned,
        _ => WorkflowState.Failed,
    };

    /// <summary>Whether a result makes its span an error.</summary>
    public static bool IsError(WorkflowResult result) =>
        result is WorkflowResult.Failure or WorkflowResult.Error or WorkflowResult.Timeout;

    public static WorkflowResult Of(Exception exception) => exception switch
    {
        // HttpClient tells of its timeout as a cancellation with the timeout inside.
        OperationCanceledException { InnerException: TimeoutException } => WorkflowResult.Timeout,
        OperationCanceledException => WorkflowResult.Cancellation,
        TimeoutException => WorkflowResult.Timeout,
        _ => WorkflowResult.Failure,
    };

    /// <summary>The <c>error.type</c> of a result: none unless the result is an error and has one, and bounded as all label values are. Cut, not refused: who reports a failure must not get another one.</summary>
    public static string? ErrorType(WorkflowResult result, string? errorType) =>
        !IsError(result) || string.IsNullOrWhiteSpace(errorType) ? null
        : errorType.Length <= ProgressTelemetry.Checked.MaxNameLength ? errorType
        : errorType[..ProgressTelemetry.Checked.MaxNameLength];

    public static WorkflowResult Checked(WorkflowResult result) => Enum.IsDefined(result)
        ? result
        : throw new ArgumentOutOfRangeException(nameof(result), result, "This is no result.");
}
