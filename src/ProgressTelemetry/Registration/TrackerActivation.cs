using Microsoft.Extensions.Hosting;

namespace ProgressTelemetry.Registration;

/// <summary>
/// Has the host make the tracker when it starts, so that its heartbeat is published before the first run, whether or not anything publishes it yet; and the listeners, so that one that can't be made is known at once.
/// </summary>
internal sealed class TrackerActivation(ProgressTracker tracker, TrackerOwner owner) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        owner.RefuseLostServices(tracker);
        tracker.TakeLaterListeners();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
