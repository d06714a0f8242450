using System.Threading.Channels;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>Where the store can wake those who work at one run, has them hear of each other at once. While it can't, they hear of each other at the pump's next turn, as ever.</summary>
/// <param name="signals">What wakes.</param>
/// <param name="instance">This process.</param>
/// <param name="services">What runs share.</param>
/// <param name="registry">The live runs: others' are no matter here.</param>
/// <param name="wake">Told of each run of this process that something was put of.</param>
/// <param name="hear">Reads what has changed.</param>
internal sealed class SignalListener(IRunStoreSignals signals, string instance, RunServices services, RunRegistry registry, Action<string> wake, Func<CancellationToken, Task> hear)
{
    private const double LongestBackoff = 300;

    /// <summary>However often others put something, it is not read more often than this.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // What comes while it is read is read next, all at once: however many signals come, they never pile up.
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public Task ListenAsync(CancellationToken stopped) => Task.WhenAll(ReceiveAsync(stopped), HearAsync(stopped));

    private async Task ReceiveAsync(CancellationToken stopped)
    {
        for (var failures = 0; !stopped.IsCancellationRequested;)
        {
            try
            {
                await foreach (var runId in signals.ListenAsync(instance, stopped).ConfigureAwait(false))
                {
                    failures = 0;
                    if (registry.FindLive(runId) is not null)
                    {
                        wake(runId);
                        _due.Writer.TryWrite(true);
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
                await WaitAsync(TimeSpan.FromSeconds(Math.Min(LongestBackoff, Math.Pow(2, Math.Min(failures++, 10)))), stopped).ConfigureAwait(false);
            }
        }
    }

    private async Task HearAsync(CancellationToken stopped)
    {
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                await _due.Reader.ReadAsync(stopped).ConfigureAwait(false);
                await hear(stopped).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await WaitAsync(Pause, stopped).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(TimeSpan time, CancellationToken stopped)
    {
        try
        {
            await Task.Delay(time, services.Clock.Provider, stopped).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loops end.
        }
    }
}
