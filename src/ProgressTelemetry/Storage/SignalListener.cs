using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>Where the store can wake those who work at one run, has them hear of each other at once. While it can't, they hear of each other at the pump's next turn, as ever.</summary>
/// <param name="signals">What wakes.</param>
/// <param name="instance">This process.</param>
/// <param name="services">What runs share.</param>
/// <param name="registry">The live runs: others' are no matter here.</param>
/// <param name="hear">Reads what has changed.</param>
internal sealed class SignalListener(IRunStoreSignals signals, string instance, RunServices services, RunRegistry registry, Func<CancellationToken, Task> hear)
{
    private const double LongestBackoff = 300;

    /// <summary>However often others put something, it is not read more often than this.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async Task ListenAsync(CancellationToken stopped)
    {
        for (var failures = 0; !stopped.IsCancellationRequested;)
        {
            try
            {
                await foreach (var runIds in signals.ListenAsync(instance, stopped).ConfigureAwait(false))
                {
                    failures = 0;
                    if (runIds.Any(id => registry.FindLive(id) is not null))
                    {
                        await hear(stopped).ConfigureAwait(false);
                        await Task.Delay(Pause, services.Clock.Provider, stopped).ConfigureAwait(false);
                    }
                }
            }
            catch (OperationCanceledException) when (stopped.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                services.Errors.Add(TrackerErrors.StoreFailed, "the run store can't wake this process: it asks once a second all the same", e);
                await WaitAsync(Math.Min(LongestBackoff, Math.Pow(2, Math.Min(failures++, 10))), stopped).ConfigureAwait(false);
            }
        }
    }

    private async Task WaitAsync(double seconds, CancellationToken stopped)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), services.Clock.Provider, stopped).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }
}
