using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ProgressTelemetry;
using ProgressTelemetry.Instrumentation;
using ProgressTelemetry.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds progress tracking to an application's services.</summary>
public static class ProgressTrackingServiceCollectionExtensions
{
    /// <summary>
    /// Adds the <see cref="ProgressTracker"/> as a singleton, and has the application's meter and tracer providers, if there are any, publish it. Adding it again only adds configuration.
    /// </summary>
    /// <remarks>Listeners are services of type <see cref="ProgressListener"/>; a registered <see cref="TimeProvider"/> and <see cref="IRunHistory"/> are used.</remarks>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddProgressTracking(this IServiceCollection services, Action<ProgressTrackingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddTracker(configure);
        services.ListenToMeters();
        services.ListenToSource();
        return services;
    }

    internal static void AddTracker(this IServiceCollection services, Action<ProgressTrackingOptions>? configure)
    {
        services.AddOptions<ProgressTrackingOptions>();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(provider => new ProgressTracker(
            provider.GetRequiredService<IOptions<ProgressTrackingOptions>>().Value,
            provider.GetService<TimeProvider>(),
            provider.GetService<ILoggerFactory>(),
            provider.GetService<IRunHistory>(),
            provider.GetServices<ProgressListener>()));
        services.AddHostedService<TrackerActivation>();
    }

    internal static void ListenToMeters(this IServiceCollection services)
    {
        if (services.TryMark<MetersAreHeard>())
        {
            services.ConfigureOpenTelemetryMeterProvider((provider, meters) =>
            {
                MakeTrackerOfHost(provider);
                meters.AddMeter(SignalNames.TrackerMeter, SignalNames.RunsMeter);
            });
        }
    }

    internal static void ListenToSource(this IServiceCollection services)
    {
        if (services.TryMark<SourceIsHeard>())
        {
            services.ConfigureOpenTelemetryTracerProvider((provider, traces) =>
            {
                MakeTrackerOfHost(provider);
                traces.AddSource(SignalNames.Source);
            });
        }
    }

    // A container disposes what it made last first, so the tracker has to be there before a provider, whose last collection still asks it. A scrape endpoint may ask for its provider before the host makes its services.
    // A provider that stands alone has a container of its own, in which nobody looks for a tracker.
    private static void MakeTrackerOfHost(IServiceProvider provider)
    {
        if (provider.GetService<IHostApplicationLifetime>() is not null)
        {
            provider.GetRequiredService<ProgressTracker>();
        }
    }

    private static bool TryMark<T>(this IServiceCollection services)
        where T : class, new()
    {
        if (services.Any(service => service.ServiceType == typeof(T)))
        {
            return false;
        }

        services.AddSingleton(new T());
        return true;
    }

    private sealed class MetersAreHeard;

    private sealed class SourceIsHeard;
}
