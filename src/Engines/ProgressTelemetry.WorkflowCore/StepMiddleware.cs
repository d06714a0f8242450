using WorkflowCore.Interface;
using WorkflowCore.Models;

namespace ProgressTelemetry.WorkflowCore;

/// <summary>Around each execution of a step: its stage is current meanwhile, and what the step says comes next is told.</summary>
internal sealed class StepMiddleware(InstanceRuns runs) : IWorkflowStepMiddleware
{
    public async Task<ExecutionResult> HandleAsync(IStepExecutionContext context, IStepBody body, WorkflowStepDelegate next)
    {
        using var current = runs.Starting(context);
        try
        {
            var result = await next().ConfigureAwait(false);
            runs.Executed(context, result);
            return result;
        }
        catch (Exception e)
        {
            runs.Failed(context, e);
            throw;
        }
    }
}
