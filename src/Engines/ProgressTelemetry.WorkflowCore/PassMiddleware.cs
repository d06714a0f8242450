using WorkflowCore.Interface;
using WorkflowCore.Models;

namespace ProgressTelemetry.WorkflowCore;

/// <summary>After each pass over an instance: the instance itself says what has ended.</summary>
internal sealed class PassMiddleware(InstanceRuns runs) : IWorkflowMiddleware
{
    public WorkflowMiddlewarePhase Phase => WorkflowMiddlewarePhase.ExecuteWorkflow;

    public Task HandleAsync(WorkflowInstance workflow, WorkflowDelegate next)
    {
        runs.Sync(workflow);
        return next();
    }
}
