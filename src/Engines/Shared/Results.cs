namespace ProgressTelemetry.Following;

/// <summary>What many results make together.</summary>
internal static class Results
{
    /// <summary>The result of all: a failure, or else a cancellation, or else success. What was not needed is no matter.</summary>
    public static void Worsen(ref WorkflowResult all, ref string? errorType, WorkflowResult result, string? resultsError)
    {
        if (IsFailure(result) ? !IsFailure(all) : result == WorkflowResult.Cancellation && all == WorkflowResult.Success)
        {
            (all, errorType) = (result, resultsError);
        }

        static bool IsFailure(WorkflowResult result) => result is WorkflowResult.Failure or WorkflowResult.Error or WorkflowResult.Timeout;
    }
}
