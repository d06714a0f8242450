using Temporalio.Exceptions;

namespace ProgressTelemetry.Temporal;

/// <summary>What an exception of Temporal's means.</summary>
internal static class Failure
{
    public static (WorkflowResult Result, string? ErrorType) Of(Exception exception) => exception switch
    {
        _ when TemporalException.IsCanceledException(exception) => (WorkflowResult.Cancellation, null),
        ActivityFailureException { InnerException: { } inner } => Of(inner),
        ChildWorkflowFailureException { InnerException: { } inner } => Of(inner),
        ApplicationFailureException { ErrorType: { } type } => (WorkflowResult.Failure, type),
        TimeoutFailureException => (WorkflowResult.Timeout, TypeOf(exception)),
        _ => (WorkflowResult.Failure, TypeOf(exception)),
    };

    private static string? TypeOf(Exception exception) => exception.GetType().FullName;
}
