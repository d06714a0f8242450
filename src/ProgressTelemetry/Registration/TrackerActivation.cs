using Microsoft.Extensions.Hosting;

namespace ProgressTelemetry.Registration;

/// <summary>
/// Has the host make the tracker when it starts, so that its heartbeat is published before the first run, whether or not anything publishes it yet; and the listeners. When the host stops, runs that nobody has ended are abandoned.
/// </summary>
internal sealed class TrackerActivation(ProgressTracker tracker, TrackerOwner owner) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        owner.RefuseLostServices(tracker);
        return tracker.MakeListenersAsync();
    }

    /// <summary>Runs that nobody has ended by now end as abandoned, so that their spans, counts and logs go out before the providers do.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        tracker.AbandonAll();
        await tracker.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
