using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ProgressTelemetry;
using ProgressTelemetry.Signals;
using ProgressTelemetry.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds progress tracking to an application's services.</summary>
public static class ProgressTrackingServiceCollectionExtensions
{
    /// <summary>
    /// Adds the <see cref="ProgressTracker"/> as a singleton, and has the application's meter and tracer providers, if there are any, publish it. Adding it again only adds configuration.
    /// </summary>
    /// <remarks>
    /// The options are those of the configuration's section <c>ProgressTracking</c>, changed by <paramref name="configure"/>, and checked when the host starts.
    /// Listeners are services of type <see cref="ProgressListener"/>, which may ask for the tracker; a registered <see cref="TimeProvider"/> and <see cref="IRunHistory"/> are used.
    /// A tracker of your own (<c>AddSingleton(new ProgressTracker(...))</c>) is published as it is; with options, listeners or a history in the services, which it could not know of, the host refuses to start.
    /// </remarks>
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
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<ProgressTrackingOptions>, ProgressTrackingConfiguration>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProgressTrackingOptions>, ProgressTrackingValidation>());
        services.AddOptions<ProgressTrackingOptions>().ValidateOnStart();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(new ListenerRegistrations(services));
        services.TryAddSingleton<TrackerOwner>();
        services.TryAddSingleton(provider => provider.GetRequiredService<TrackerOwner>().MakeTracker());
        services.TryAddSingleton<RunsEnd>();
        services.AddHostedService<TrackerActivation>();
    }

    internal static void ListenToMeters(this IServiceCollection services)
    {
        if (services.TryMark<MetersAreHeard>())
        {
            services.ConfigureOpenTelemetryMeterProvider((provider, meters) =>
            {
                MakeOwnerFirst(provider);
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
                MakeOwnerFirst(provider);
                traces.AddSource(SignalNames.Source);
                traces.AddSource([.. provider.GetRequiredService<IOptions<ProgressTrackingOptions>>().Value.GetAdapters().SelectMany(adapter => adapter.Sources)]);
            });
        }
    }

    // What is made before a provider is disposed after it.
    private static void MakeOwnerFirst(IServiceProvider provider) => provider.GetRequiredService<TrackerOwner>();

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
