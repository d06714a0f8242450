using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace ProgressTelemetry.Temporal;

/// <summary>What an execution asks for: activities, timers, children. All of it is in the workflow's own scheduler, to which each await comes back.</summary>
internal sealed class WorkflowOutbound(WorkflowOutboundInterceptor next, Execution execution) : WorkflowOutboundInterceptor(next)
{
    private int _timers;

    public override Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input) =>
        FollowAsync(execution.NextActivity(input.Options.ActivityId), input.Activity, () => base.ScheduleActivityAsync<TResult>(input));

    public override Task<TResult> ScheduleLocalActivityAsync<TResult>(ScheduleLocalActivityInput input) =>
        FollowAsync(execution.NextActivity(input.Options.ActivityId), input.Activity, () => base.ScheduleLocalActivityAsync<TResult>(input));

    public override async Task DelayAsync(DelayAsyncInput input)
    {
        var id = $"timer {++_timers}";
        execution.Begin(id, input.Summary is { Length: > 0 } summary ? summary : "timer", isTask: false, waitsFor: "timer");
        try
        {
            await base.DelayAsync(input).ConfigureAwait(true);
            execution.End(id, WorkflowResult.Success, null);
        }
        catch (Exception e) when (TemporalException.IsCanceledException(e))
        {
            // A timeout that was not needed.
            execution.End(id, WorkflowResult.Skip, null);
            throw;
        }
    }

    public override async Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(StartChildWorkflowInput input)
    {
        var handle = await base.StartChildWorkflowAsync<TWorkflow, TResult>(input).ConfigureAwait(true);
        execution.Begin(handle.Id, input.Workflow, isTask: false);
        _ = ChildEndsAsync(handle);
        return handle;
    }

    private async Task ChildEndsAsync(ChildWorkflowHandle child)
    {
        try
        {
            await child.GetResultAsync().ConfigureAwait(true);
            execution.End(child.Id, WorkflowResult.Success, null);
        }
        catch (Exception e)
        {
            // The workflow's own, if it asks for the result.
            var (result, errorType) = Failure.Of(e);
            execution.End(child.Id, result, errorType);
        }
    }

    private async Task<TResult> FollowAsync<TResult>(string id, string type, Func<Task<TResult>> start)
    {
        execution.Begin(id, type);
        try
        {
            var result = await start().ConfigureAwait(true);
            execution.End(id, WorkflowResult.Success, null);
            return result;
        }
        catch (Exception e)
        {
            var (result, errorType) = Failure.Of(e);
            execution.End(id, result, errorType);
            throw;
        }
    }
}
