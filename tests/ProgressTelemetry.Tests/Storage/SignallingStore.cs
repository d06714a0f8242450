using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Xunit;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>A store in memory that wakes whoever listens.</summary>
internal sealed class SignallingStore(IRunStore store) : IRunStore, IRunStoreSignals
{
    private readonly ConcurrentDictionary<string, Channel<string>> _listeners = new(StringComparer.Ordinal);

    /// <summary>The signals that were given.</summary>
    public ConcurrentQueue<IReadOnlyCollection<string>> Signals { get; } = new();

    public int Listeners => _listeners.Count;

    /// <summary>Whether signals come to nobody.</summary>
    public bool IsMute { get; set; }

    /// <summary>What breaks the next attempt to listen.</summary>
    public Exception? Fault { get; set; }

    public Task PutAsync(IReadOnlyList<RunShare> shares, CancellationToken cancellationToken) => store.PutAsync(shares, cancellationToken);

    public Task<StoreChanges> GetChangesAsync(ShareQuery query, CancellationToken cancellationToken) => store.GetChangesAsync(query, cancellationToken);

    public Task TellPresentAsync(string instance, CancellationToken cancellationToken) => store.TellPresentAsync(instance, cancellationToken);

    public Task<IReadOnlyDictionary<string, TimeSpan>> GetPresentAsync(IReadOnlyCollection<string>? instances, TimeSpan within, CancellationToken cancellationToken) =>
        store.GetPresentAsync(instances, within, cancellationToken);

    public Task<bool> TryClaimAsync(string runId, long generation, string what, string claimant, TimeSpan? lease, CancellationToken cancellationToken) =>
        store.TryClaimAsync(runId, generation, what, claimant, lease, cancellationToken);

    public Task PruneAsync(TimeSpan keepEnded, TimeSpan keepSilent, CancellationToken cancellationToken) => store.PruneAsync(keepEnded, keepSilent, cancellationToken);

    public Task SignalAsync(string instance, IReadOnlyCollection<string> runIds, CancellationToken cancellationToken)
    {
        Signals.Enqueue(runIds);
        foreach (var (other, channel) in _listeners)
        {
            if (other != instance && !IsMute)
            {
                Assert.All(runIds, runId => Assert.True(channel.Writer.TryWrite(runId)));
            }
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<string> ListenAsync(string instance, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Fault is { } fault)
        {
            Fault = null;
            throw fault;
        }

        var channel = _listeners[instance] = Channel.CreateUnbounded<string>();
        try
        {
            await foreach (var runId in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return runId;
            }
        }
        finally
        {
            _listeners.TryRemove(instance, out _);
        }
    }
}
