using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry;

namespace OpenTelemetry.Trace;

/// <summary>Adds progress tracking to a tracer provider.</summary>
public static class ProgressTrackingTracerProviderBuilderExtensions
{
    /// <summary>
    /// Has the provider publish the spans of progress tracking, and adds the <see cref="ProgressTracker"/> to its services. Adding it again only adds configuration.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options of the services' tracker; without dependency injection they are given to the tracker itself.</param>
    /// <returns>The builder.</returns>
    public static TracerProviderBuilder AddProgressTracking(this TracerProviderBuilder builder, Action<ProgressTrackingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(services =>
        {
            services.AddTracker(configure);
            services.ListenToSource();
        });
    }
}
