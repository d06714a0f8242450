using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ProgressTelemetry.Registration;

/// <summary>
/// Makes a container's tracker, and ends it. A container disposes first what it made last, and the last collection of a provider still asks the tracker: so each provider has the owner made before itself, and the tracker,
/// whenever it is made, lives as long as its owner. A provider that stands alone has a container of its own, in which nobody asks for a tracker: there is an owner of nothing then, and no second tracker beside the user's.
/// </summary>
internal sealed class TrackerOwner(IServiceProvider services, ListenerRegistrations registrations) : IDisposable
{
    private ProgressTracker? _tracker;

    public ProgressTracker MakeTracker()
    {
        _tracker = new ProgressTracker(
            services.GetRequiredService<IOptions<ProgressTrackingOptions>>().Value,
            services.GetService<TimeProvider>(),
            services.GetService<ILoggerFactory>(),
            services.GetService<IRunHistory>(),
            listeners: null,
            meterSuffix: "",
            services.GetService<IRunStore>())
        {
            LaterListeners = () => ServiceListeners.Of(services, registrations, e => _tracker!.ListenerFailed(e)),
            HasOwner = true,
        };
        _tracker.StartAdapters();
        return _tracker;
    }

    /// <summary>A tracker that the application registered itself has its options, listeners and history already: what the services hold of them besides would be lost in silence.</summary>
    /// <param name="inUse">The tracker that the container hands out.</param>
    /// <exception cref="InvalidOperationException">Something would be lost.</exception>
    public void RefuseLostServices(ProgressTracker inUse)
    {
        if (inUse == _tracker)
        {
            return;
        }

        string[] lost =
        [
            .. HasOptions() ? ["options (AddProgressTracking(options => ...), Configure, or the configuration section " + ProgressTrackingConfiguration.Section + ")"] : Array.Empty<string>(),
            .. services.GetServices<ProgressListener>().Select(listener => "the listener " + listener.GetType()),
            .. services.GetServices<IRunHistory>().Select(history => "the history " + history.GetType()),
            .. services.GetServices<IRunStore>().Select(store => "the store " + store.GetType()),
        ];
        if (lost.Length > 0)
        {
            throw new InvalidOperationException(
                $"The ProgressTracker among the services was not made by AddProgressTracking, so it cannot know of {string.Join(", ", lost)}. "
                + "Pass them to that tracker's constructor, or remove its registration and let AddProgressTracking make the tracker.");
        }
    }

    public void Dispose() => _tracker?.Stop();

    private bool HasOptions() =>
        services.GetServices<IConfigureOptions<ProgressTrackingOptions>>().Any(source => source is not ProgressTrackingConfiguration { Exists: false })
        || services.GetServices<IPostConfigureOptions<ProgressTrackingOptions>>().Any();
}
