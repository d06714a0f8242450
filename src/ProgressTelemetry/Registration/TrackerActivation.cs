using Microsoft.Extensions.Hosting;

namespace ProgressTelemetry.Registration;

/// <summary>
/// Has the host make the tracker when it starts, so that its heartbeat is published before the first run, whether or not anything publishes it yet; and the listeners. When the host stops, runs that nobody has ended are abandoned.
/// </summary>
internal sealed class TrackerActivation(ProgressTracker tracker, TrackerOwner owner) : IHostedService
{
    /// <summary>How long the start waits for what the store knows of unfinished runs: a store that is slow or gone must not keep an application from starting.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(5);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        owner.RefuseLostServices(tracker);
        await tracker.MakeListenersAsync().ConfigureAwait(false);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs that nobody has ended by now end as abandoned, so that their spans, counts and logs go out before the providers do.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        tracker.AbandonAll();
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await tracker.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        // The wait is given up, and not the call: what comes later still counts.
        await ((Task)tracker.FlushAsync(cancellationToken)).WaitAsync(LongestRead, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
