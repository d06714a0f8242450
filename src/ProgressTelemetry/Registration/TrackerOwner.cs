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
            meterSuffix: "")
        {
            LaterListeners = () => ServiceListeners.Of(services, registrations, e => _tracker!.ListenerFailed(e)),
            HasOwner = true,
        };
        _tracker.StartAdapters();
        return _tracker;
    }

    public void Dispose() => _tracker?.Stop();
}
