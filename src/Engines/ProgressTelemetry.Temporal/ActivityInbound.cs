using ProgressTelemetry.Following;
using Temporalio.Activities;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;

namespace ProgressTelemetry.Temporal;

/// <summary>An attempt at an activity, where it runs: if its workflow is in this process too, its stage is current meanwhile, and an attempt that fails is told. That the activity is over, the workflow tells.</summary>
internal sealed class ActivityInbound(ActivityInboundInterceptor next, Executions executions) : ActivityInboundInterceptor(next)
{
    public override async Task<object?> ExecuteActivityAsync(ExecuteActivityInput input)
    {
        var info = ActivityExecutionContext.Current.Info;
        var (key, run) = ($"{info.WorkflowRunId}/{info.ActivityId}", info.WorkflowRunId is { } runId ? executions.Find(runId) : null);
        using var current = Begin(run, key, info.ActivityType);
        try
        {
            return await base.ExecuteActivityAsync(input).ConfigureAwait(false);
        }
        catch (Exception e) when (current is not null && e is not CompleteAsyncException && !TemporalException.IsCanceledException(e))
        {
            executions.Guard(() => run?.Retry(key, Failure.Of(e).ErrorType ?? "", executions.Now));
            throw;
        }
    }

    private IDisposable? Begin(StepRun? run, string key, string type)
    {
        IDisposable? current = null;
        executions.Guard(() => current = run?.GoOn(key, executions.Name(type), executions.Now)?.MakeCurrent());
        return current;
    }
}
