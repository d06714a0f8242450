namespace ProgressTelemetry.Benchmarks;

/// <summary>A store in memory, before whose calls something else happens.</summary>
internal sealed class TroubledStore(Func<CancellationToken, Task> trouble, bool isReadable = false) : IRunStore
{
    private readonly InMemoryRunStore _store = new();

    public Task PutAsync(IReadOnlyList<RunShare> shares, CancellationToken cancellationToken) =>
        CallAsync(false, async () => { await _store.PutAsync(shares, cancellationToken).ConfigureAwait(false); return true; }, cancellationToken);

    public Task<StoreChanges> GetChangesAsync(ShareQuery query, CancellationToken cancellationToken) =>
        CallAsync(isReadable, () => _store.GetChangesAsync(query, cancellationToken), cancellationToken);

    public Task TellPresentAsync(string instance, CancellationToken cancellationToken) =>
        CallAsync(false, async () => { await _store.TellPresentAsync(instance, cancellationToken).ConfigureAwait(false); return true; }, cancellationToken);

    public Task<IReadOnlyDictionary<string, TimeSpan>> GetPresentAsync(IReadOnlyCollection<string>? instances, TimeSpan within, CancellationToken cancellationToken) =>
        CallAsync(isReadable, () => _store.GetPresentAsync(instances, within, cancellationToken), cancellationToken);

    public Task<bool> TryClaimAsync(string runId, long generation, string what, string claimant, TimeSpan? lease, CancellationToken cancellationToken) =>
        CallAsync(false, () => _store.TryClaimAsync(runId, generation, what, claimant, lease, cancellationToken), cancellationToken);

    public Task PruneAsync(TimeSpan keepEnded, TimeSpan keepSilent, CancellationToken cancellationToken) =>
        CallAsync(false, async () => { await _store.PruneAsync(keepEnded, keepSilent, cancellationToken).ConfigureAwait(false); return true; }, cancellationToken);

    private async Task<T> CallAsync<T>(bool isWell, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        if (!isWell)
        {
            await trouble(cancellationToken).ConfigureAwait(false);
        }

        return await call().ConfigureAwait(false);
    }
}
