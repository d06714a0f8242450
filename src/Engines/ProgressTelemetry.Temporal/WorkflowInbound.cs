using System.Reflection;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace ProgressTelemetry.Temporal;

/// <summary>Begin and end of one execution. Temporal makes one of these for each.</summary>
internal sealed class WorkflowInbound(WorkflowInboundInterceptor next, Executions executions) : WorkflowInboundInterceptor(next)
{
    private readonly Execution _execution = new(executions);

    public override void Init(WorkflowOutboundInterceptor outbound) => base.Init(new WorkflowOutbound(outbound, _execution));

    public override async Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input)
    {
        _execution.GoOn();
        try
        {
            // The workflow's own scheduler has to go on after it: no ConfigureAwait(false) in here.
            var result = await base.ExecuteWorkflowAsync(input).ConfigureAwait(true);
            _execution.End(WorkflowResult.Success, null);
            return result;
        }
        catch (ContinueAsNewException)
        {
            _execution.Continue();
            throw;
        }
        catch (Exception e) when (FailsWorkflow(e, input.Instance))
        {
            var (result, errorType) = Failure.Of(e);
            _execution.End(result, errorType);
            throw;
        }
    }

    // Signals and updates may be what a workflow waits for: somebody sees that it is heard of.
    public override Task HandleSignalAsync(HandleSignalInput input)
    {
        _execution.GoOn();
        return base.HandleSignalAsync(input);
    }

    public override Task<object?> HandleUpdateAsync(HandleUpdateInput input)
    {
        _execution.GoOn();
        return base.HandleUpdateAsync(input);
    }

    // Other exceptions fail the workflow's present task, which Temporal then tries again for as long as it takes.
    private bool FailsWorkflow(Exception exception, object workflow) =>
        exception is FailureException or OperationCanceledException
        || executions.Failures.Concat(workflow.GetType().GetCustomAttribute<WorkflowAttribute>()?.FailureExceptionTypes ?? []).Any(type => type.IsInstanceOfType(exception));
}
