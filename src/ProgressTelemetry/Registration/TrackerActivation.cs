using Microsoft.Extensions.Hosting;

namespace ProgressTelemetry.Registration;

/// <summary>
/// Has the host make the tracker when it starts, so that its heartbeat is published before the first run, whether or not anything publishes it yet; and the listeners, so that one that can't be made is known at once.
/// </summary>
internal sealed class TrackerActivation(ProgressTracker tracker) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => tracker.MakeListenersAsync();

    /// <summary>Runs that nobody has ended by now end as abandoned, so that their spans, counts and logs go out before the providers do.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        tracker.AbandonAll();
        await tracker.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
