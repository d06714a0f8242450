using System.Collections.Concurrent;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>A store whose calls first do what a test says: fail, hang, or be counted.</summary>
internal sealed class ScriptedStore(IRunStore store) : IRunStore
{
    private int _calls;

    /// <summary>Done before each call.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Done before each claim.</summary>
    public Action BeforeClaim { get; set; } = () => { };

    /// <summary>What was asked for.</summary>
    public ConcurrentQueue<ShareQuery> Queries { get; } = new();

    public int Calls => Volatile.Read(ref _calls);

    public Task PutAsync(IReadOnlyList<RunShare> shares, CancellationToken cancellationToken) =>
        Call(async () => { await store.PutAsync(shares, cancellationToken); return true; }, cancellationToken);

    public Task<StoreChanges> GetChangesAsync(ShareQuery query, CancellationToken cancellationToken)
    {
        Queries.Enqueue(query);
        return Call(() => store.GetChangesAsync(query, cancellationToken), cancellationToken);
    }

    public Task TellPresentAsync(string instance, CancellationToken cancellationToken) =>
        Call(async () => { await store.TellPresentAsync(instance, cancellationToken); return true; }, cancellationToken);

    public Task<IReadOnlyDictionary<string, TimeSpan>> GetPresentAsync(IReadOnlyCollection<string>? instances, TimeSpan within, CancellationToken cancellationToken) =>
        Call(() => store.GetPresentAsync(instances, within, cancellationToken), cancellationToken);

    public Task<bool> TryClaimAsync(string runId, long generation, string what, string claimant, TimeSpan? lease, CancellationToken cancellationToken) =>
        Call(
            () =>
            {
                BeforeClaim();
                return store.TryClaimAsync(runId, generation, what, claimant, lease, cancellationToken);
            },
            cancellationToken);

    public Task PruneAsync(TimeSpan keepEnded, TimeSpan keepSilent, CancellationToken cancellationToken) =>
        Call(async () => { await store.PruneAsync(keepEnded, keepSilent, cancellationToken); return true; }, cancellationToken);

    private async Task<T> Call<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        await Before(cancellationToken);
        return await call();
    }
}
