using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry;
using ProgressTelemetry.Quartz;

namespace Quartz;

/// <summary>Follows Quartz's jobs.</summary>
public static class ProgressTelemetryQuartzBuilderExtensions
{
    /// <summary>
    /// Has the application's <see cref="ProgressTracker"/> follow the scheduler's jobs: a trigger's firing, with its retries and the triggers that continue it, is a run; a job is a stage; the percent that a job reports is its completion.
    /// Adds the tracker too, if <c>AddProgressTracking</c> has not. Said again for the same scheduler, it does nothing.
    /// </summary>
    /// <param name="builder">The scheduler's builder: <c>services.AddQuartz(q => q.AddProgressTelemetry())</c>.</param>
    /// <returns>The builder.</returns>
    public static IQuartzBuilder AddProgressTelemetry(this IQuartzBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var key = $"ProgressTelemetry {builder.SchedulerName}";
        if (builder.Services.Any(service => service.ServiceType == typeof(ProgressJobListener) && key.Equals(service.ServiceKey)))
        {
            return builder;
        }

        builder.Services.AddProgressTracking();
        builder.Services.AddKeyedSingleton(key, (services, _) => new ProgressJobListener(services.GetRequiredService<ProgressTracker>()));
        return builder.AddJobListener(Listener, [Matchers.AllJobs()]).AddSchedulerListener(Listener).AddJobMiddleware(Listener);

        ProgressJobListener Listener(IServiceProvider services) => services.GetRequiredKeyedService<ProgressJobListener>(key);
    }
}
