using Temporalio.Worker.Interceptors;

namespace ProgressTelemetry.Temporal;

/// <summary>
/// Follows the workflows and activities of the workers that it is an interceptor of. <see cref="ProgressPlugin"/> puts it where it belongs; without plugins, one of them is for all workers of the process.
/// </summary>
/// <remarks>Nothing of it is thrown into a workflow or an activity: what fails is counted in <c>progress.tracker.errors</c>. It gives workflows nothing to wait for and no commands, so that histories stay as they are without it.</remarks>
public sealed class ProgressInterceptor : IWorkerInterceptor
{
    private readonly Executions _executions;

    /// <summary>Makes one.</summary>
    /// <param name="tracker">What tracks the runs.</param>
    public ProgressInterceptor(ProgressTracker tracker)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        _executions = new Executions(tracker);
    }

    /// <inheritdoc/>
    public WorkflowInboundInterceptor InterceptWorkflow(WorkflowInboundInterceptor nextInterceptor) => new WorkflowInbound(nextInterceptor, _executions);

    /// <inheritdoc/>
    public ActivityInboundInterceptor InterceptActivity(ActivityInboundInterceptor nextInterceptor) => new ActivityInbound(nextInterceptor, _executions);

    internal void AddFailures(IEnumerable<Type> types) => _executions.AddFailures(types);
}
