using ProgressTelemetry;
using ProgressTelemetry.Polly;
using Polly.Telemetry;

namespace Polly;

/// <summary>Polly's retries in the progress of what they are in.</summary>
public static class ProgressTelemetryPollyExtensions
{
    private static readonly ResiliencePropertyKey<WorkflowTask> TaskKey = new("ProgressTelemetry.Task");

    /// <summary>
    /// Has each retry of the pipelines that use these options told: as a failed attempt of the context's task (<see cref="SetProgressTask"/>), or else as a revision of the stage that is <see cref="WorkflowStage.Current"/>; outside of both, as nothing.
    /// </summary>
    /// <param name="options">The options: <c>services.Configure&lt;TelemetryOptions&gt;(o => o.AddProgressTelemetry())</c>, or those of <c>ConfigureTelemetry</c>.</param>
    /// <returns>The options.</returns>
    public static TelemetryOptions AddProgressTelemetry(this TelemetryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.TelemetryListeners.Any(listener => listener is RetryListener))
        {
            options.TelemetryListeners.Add(new RetryListener());
        }

        return options;
    }

    /// <summary>Names the task that a call of a pipeline works on.</summary>
    /// <param name="context">The call's context.</param>
    /// <param name="task">The task.</param>
    public static void SetProgressTask(this ResilienceContext context, WorkflowTask task)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Properties.Set(TaskKey, task);
    }

    internal static WorkflowTask? TaskOf(ResilienceContext context) => context.Properties.TryGetValue(TaskKey, out var task) ? task : null;
}
