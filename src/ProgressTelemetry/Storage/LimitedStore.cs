using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>A store, each of whose calls is given up when it takes too long.</summary>
internal sealed class LimitedStore(IRunStore store, TrackerClock clock)
{
    /// <summary>A store that takes longer has failed, s.</summary>
    public const double CallTimeout = 10;

    /// <summary>Null when the store wakes nobody.</summary>
    public IRunStoreSignals? Signals => store as IRunStoreSignals;

    public Task PutAsync(IReadOnlyList<RunShare> shares, CancellationToken cancellationToken) =>
        CallAsync(async ct => { await store.PutAsync(shares, ct).ConfigureAwait(false); return true; }, cancellationToken);

    public Task<StoreChanges> GetChangesAsync(ShareQuery query, CancellationToken cancellationToken) =>
        CallAsync(ct => store.GetChangesAsync(query, ct), cancellationToken);

    public Task TellPresentAsync(string instance, CancellationToken cancellationToken) =>
        CallAsync(async ct => { await store.TellPresentAsync(instance, ct).ConfigureAwait(false); return true; }, cancellationToken);

    public Task<IReadOnlyDictionary<string, TimeSpan>> GetPresentAsync(IReadOnlyCollection<string>? instances, TimeSpan within, CancellationToken cancellationToken) =>
        CallAsync(ct => store.GetPresentAsync(instances, within, ct), cancellationToken);

    public Task SignalAsync(string instance, IReadOnlyCollection<string> runIds, CancellationToken cancellationToken) =>
        runIds.Count > 0 && Signals is { } signals
            ? CallAsync(async ct => { await signals.SignalAsync(instance, runIds, ct).ConfigureAwait(false); return true; }, cancellationToken)
            : Task.CompletedTask;

    public Task<bool> TryClaimAsync(LiveRun run, string what, TimeSpan? lease, CancellationToken cancellationToken)
    {
        var own = (RunParticipation)run.Participation!;
        return CallAsync(ct => store.TryClaimAsync(run.Id, own.Generation ?? 0, what, own.Participant, lease, ct), cancellationToken);
    }

    public Task PruneAsync(TimeSpan keep, CancellationToken cancellationToken) =>
        CallAsync(async ct => { await store.PruneAsync(keep, keep, ct).ConfigureAwait(false); return true; }, cancellationToken);

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(CallTimeout), clock.Provider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        return await call(either.Token).ConfigureAwait(false);
    }
}
