using ProgressTelemetry.Model;

namespace ProgressTelemetry.Runtime;

/// <summary>Runs a body inside a run or a stage: it is the ambient one, its span is current, and its result comes from what the body does, unless the body has ended it itself.</summary>
internal static class Scope
{
    public static async Task<T> RunAsync<T>(LiveRun run, LiveStage? stage, Func<CancellationToken, ValueTask<T>> body, Func<Exception, bool>? isRetried, CancellationToken cancellationToken, Func<bool>? owns = null)
    {
        // An async method's changes to what is current are seen by what it calls, not by its caller.
        Ambient.Enter(run, stage);
        try
        {
            var result = await body(cancellationToken).ConfigureAwait(false);
            if (owns?.Invoke() != false)
            {
                End(run, stage, WorkflowResult.Success, null);
            }

            return result;
        }
        catch (Exception e)
        {
            var result = Results.Of(e, cancellationToken.IsCancellationRequested);
            if (owns?.Invoke() == false)
            {
                throw;
            }

            if (stage is null && result.IsError() && !run.IsEnded && !run.IsPart && IsRetried(run, isRetried, e))
            {
                run.Outcome.Retry(result, e.GetType().FullName, own: null);
            }
            else
            {
                End(run, stage, result, e.GetType().FullName);
            }

            throw;
        }
    }

    private static void End(LiveRun run, LiveStage? stage, WorkflowResult result, string? errorType)
    {
        if (stage is not null)
        {
            run.Open.End(stage, result, errorType, own: null, isDispose: true);
        }
        else
        {
            run.Outcome.End(result, errorType, own: null, isDispose: true, run.IsPart ? RunEnding.Left : RunEnding.Own);
        }
    }

    // The question is the user's: what it throws must not take the place of what went wrong.
    private static bool IsRetried(LiveRun run, Func<Exception, bool>? ask, Exception e)
    {
        try
        {
            return ask?.Invoke(e) == true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            run.Services.Errors.Add(TrackerErrors.PublishFailed, "WillBeRetried failed", failure);
            return false;
        }
    }
}
