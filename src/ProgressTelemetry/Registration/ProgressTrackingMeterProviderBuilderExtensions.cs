using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry;

namespace OpenTelemetry.Metrics;

/// <summary>Adds progress tracking to a meter provider.</summary>
public static class ProgressTrackingMeterProviderBuilderExtensions
{
    /// <summary>
    /// Has the provider publish the metrics of progress tracking, and adds the <see cref="ProgressTracker"/> to its services. Adding it again only adds configuration.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options of the services' tracker; without dependency injection they are given to the tracker itself.</param>
    /// <returns>The builder.</returns>
    public static MeterProviderBuilder AddProgressTracking(this MeterProviderBuilder builder, Action<ProgressTrackingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(services =>
        {
            services.AddTracker(configure);
            services.ListenToMeters();
        });
    }
}
