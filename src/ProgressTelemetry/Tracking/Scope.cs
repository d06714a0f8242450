using System.Diagnostics;
using ProgressTelemetry.Instrumentation;

namespace ProgressTelemetry.Tracking;

/// <summary>Runs a body inside a run or a stage: its span is current, and its result comes from what the body does, unless the body has ended it itself.</summary>
internal static class Scope
{
    public static async Task<T> RunAsync<TScope, T>(
        TScope scope,
        Func<TScope, CancellationToken, Task<T>> body,
        Func<TScope, Activity?> activity,
        Action<TScope, WorkflowResult, string?> end,
        CancellationToken cancellationToken)
        where TScope : class, IDisposable
    {
        // An async method's changes to Activity.Current are seen by what it calls, not by its caller.
        if (activity(scope) is { } own)
        {
            Activity.Current = own;
        }

        using (scope)
        {
            try
            {
                var result = await body(scope, cancellationToken).ConfigureAwait(false);
                end(scope, WorkflowResult.Success, null);
                return result;
            }
            catch (Exception e)
            {
                end(scope, Results.Of(e), e.GetType().FullName);
                throw;
            }
        }
    }

    public static Func<TScope, CancellationToken, Task<bool>> WithResult<TScope>(this Func<TScope, CancellationToken, Task> body) =>
        async (scope, cancellationToken) =>
        {
            await body(scope, cancellationToken).ConfigureAwait(false);
            return true;
        };
}
