using System.Diagnostics;

namespace ProgressTelemetry.Rules;

/// <summary>How a span says that its work ended.</summary>
internal readonly record struct SpanResult(WorkflowResult Result, string? ErrorType)
{
    public static SpanResult Of(Activity span, SpanRule rule)
    {
        var errorType = SpanTemplate.Tag(span, "error.type") ?? ExceptionType(span);
        var said = rule.ResultTag is { } tag ? Parse(SpanTemplate.Tag(span, tag)) : null;
        if (said is { } result && result != WorkflowResult.Success)
        {
            return new SpanResult(result, errorType);
        }

        // An exception that was noted, and dealt with, is no failure; a status or an error.type is.
        return span.Status == ActivityStatusCode.Error || SpanTemplate.Tag(span, "error.type") is not null
            ? new SpanResult(OfError(errorType), errorType)
            : new SpanResult(said ?? rule.EndAs, rule.EndAs == WorkflowResult.Success ? null : errorType);
    }

    private static WorkflowResult OfError(string? errorType) => errorType switch
    {
        null => WorkflowResult.Failure,
        _ when errorType.EndsWith("OperationCanceledException", StringComparison.Ordinal) || errorType.EndsWith("TaskCanceledException", StringComparison.Ordinal) => WorkflowResult.Cancellation,
        _ when errorType.EndsWith("TimeoutException", StringComparison.Ordinal) => WorkflowResult.Timeout,
        _ => WorkflowResult.Failure,
    };

    private static WorkflowResult? Parse(string? text) => text?.ToUpperInvariant() switch
    {
        "SUCCESS" or "SUCCEEDED" or "COMPLETED" or "OK" => WorkflowResult.Success,
        "FAILURE" or "FAILED" or "FAULTED" => WorkflowResult.Failure,
        "ERROR" => WorkflowResult.Error,
        "TIMEOUT" or "TIMED_OUT" => WorkflowResult.Timeout,
        "CANCELLATION" or "CANCELLED" or "CANCELED" or "TERMINATED" => WorkflowResult.Cancellation,
        "SKIP" or "SKIPPED" or "VETOED" => WorkflowResult.Skip,
        _ => null,
    };

    private static string? ExceptionType(Activity span)
    {
        foreach (ref readonly var noted in span.EnumerateEvents())
        {
            if (noted.Name == "exception")
            {
                foreach (ref readonly var tag in noted.EnumerateTagObjects())
                {
                    if (tag.Key == "exception.type")
                    {
                        return tag.Value as string;
                    }
                }
            }
        }

        return null;
    }
}
