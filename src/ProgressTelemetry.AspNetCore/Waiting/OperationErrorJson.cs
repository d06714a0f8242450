namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>Why there is no result.</summary>
internal sealed record OperationErrorJson(string Code, string Message)
{
    /// <summary>Null unless the run has ended without success.</summary>
    public static OperationErrorJson? Of(WorkflowStatus status, ProgressDetails details)
    {
        var message = status.State switch
        {
            WorkflowState.Failed when status.Result == WorkflowResult.Timeout => "The operation ran out of time.",
            WorkflowState.Failed => "The operation failed.",
            WorkflowState.Cancelled => "The operation was cancelled.",
            WorkflowState.Abandoned => "The operation stopped before its end.",
            _ => null,
        };
        if (message is null)
        {
            return null;
        }

        // Names of exceptions are shown only to whom the application shows them.
        var code = details.HasFlag(ProgressDetails.ErrorType) ? status.ErrorType : null;
        return new OperationErrorJson(code ?? $"{status.Result}".ToLowerInvariant(), message);
    }
}
