using ProgressTelemetry.WorkflowCore;
using WorkflowCore.Interface;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Follows Workflow Core's workflows.</summary>
public static class ProgressTelemetryWorkflowCoreExtensions
{
    /// <summary>
    /// Has the application's <see cref="ProgressTelemetry.ProgressTracker"/> follow the workflows that this host runs: an instance is a run, a step a stage, an execution of a step a task. Adds the tracker too, if <c>AddProgressTracking</c> has not.
    /// Said again, it does nothing.
    /// </summary>
    /// <param name="services">The services: <c>services.AddWorkflow().AddWorkflowProgressTelemetry()</c>.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddWorkflowProgressTelemetry(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(InstanceRuns)))
        {
            return services;
        }

        services.AddProgressTracking();
        return services.AddSingleton<InstanceRuns>()
            .AddTransient<IWorkflowStepMiddleware, StepMiddleware>()
            .AddTransient<IWorkflowMiddleware, PassMiddleware>()
            .AddTransient<IBackgroundTask, RunWatch>();
    }
}
