using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry;
using ProgressTelemetry.Hangfire;

namespace Hangfire;

/// <summary>Follows Hangfire's jobs.</summary>
public static class ProgressTelemetryConfigurationExtensions
{
    /// <summary>Has a tracker follow all jobs that the clients and servers of this process create and run. Said again for the same tracker, it does nothing.</summary>
    /// <param name="configuration">Hangfire's configuration.</param>
    /// <param name="tracker">What tracks the runs.</param>
    /// <returns>The configuration.</returns>
    public static IGlobalConfiguration UseProgressTelemetry(this IGlobalConfiguration configuration, ProgressTracker tracker)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(tracker);
        return GlobalJobFilters.Filters.Any(filter => filter.Instance is ProgressJobFilter known && known.Tracker == tracker)
            ? configuration
            : configuration.UseFilter(new ProgressJobFilter(tracker));
    }

    /// <summary>As <see cref="UseProgressTelemetry(IGlobalConfiguration, ProgressTracker)"/>, with the tracker of <c>AddProgressTracking</c>: <c>services.AddHangfire((sp, config) => config.UseProgressTelemetry(sp))</c>.</summary>
    /// <param name="configuration">Hangfire's configuration.</param>
    /// <param name="services">The services.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="InvalidOperationException">The services have no tracker.</exception>
    public static IGlobalConfiguration UseProgressTelemetry(this IGlobalConfiguration configuration, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return configuration.UseProgressTelemetry(services.GetRequiredService<ProgressTracker>());
    }
}
