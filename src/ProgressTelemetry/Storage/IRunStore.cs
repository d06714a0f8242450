namespace ProgressTelemetry;

/// <summary>
/// Keeps runs' shares, so that runs outlive and outspan processes. Thread-safe. A tracker calls it from a pump of its own, never from the work; a call that throws, or takes long, costs nothing but that what is told comes
/// later: it is counted as <c>store_failed</c> and tried again.
/// </summary>
public interface IRunStore
{
    /// <summary>Keeps shares: of each run, generation and participant the one with the greatest sequence, in whatever order they come.</summary>
    /// <param name="shares">The shares.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when they are kept.</returns>
    Task PutAsync(IReadOnlyList<RunShare> shares, CancellationToken cancellationToken);

    /// <summary>What has changed: each change is told once at least.</summary>
    /// <param name="query">Which changes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The changes, the oldest first, and where to go on.</returns>
    Task<StoreChanges> GetChangesAsync(ShareQuery query, CancellationToken cancellationToken);

    /// <summary>Tells that a process is there, and with it the participants of all its runs: so quiet runs needn't be put again and again.</summary>
    /// <param name="instance">The process, as its shares name it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is kept.</returns>
    Task TellPresentAsync(string instance, CancellationToken cancellationToken);

    /// <summary>Which processes told that they are there.</summary>
    /// <param name="instances">Of which it is asked; null: of all.</param>
    /// <param name="within">Those that told so within that time, by the store's clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How long ago each told it last.</returns>
    Task<IReadOnlyDictionary<string, TimeSpan>> GetPresentAsync(IReadOnlyCollection<string>? instances, TimeSpan within, CancellationToken cancellationToken);

    /// <summary>Claims what is to be done once over all participants, such as telling that a milestone was reached, or by one at a time.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="generation">The run's generation.</param>
    /// <param name="what">What is claimed.</param>
    /// <param name="claimant">Who claims it. Whoever has it may claim it again, since the answer may have been lost.</param>
    /// <param name="lease">How long it is the claimant's unless it claims it again, by the store's clock; null: for good.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is the claimant's.</returns>
    Task<bool> TryClaimAsync(string runId, long generation, string what, string claimant, TimeSpan? lease, CancellationToken cancellationToken);

    /// <summary>Forgets runs, with their claims: those that ended longer ago than <paramref name="keepEnded"/>, and those that nobody has told of for <paramref name="keepSilent"/>, by the store's clock.</summary>
    /// <param name="keepEnded">How long ended runs are kept.</param>
    /// <param name="keepSilent">How long runs are kept that nobody ends.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when they are gone.</returns>
    Task PruneAsync(TimeSpan keepEnded, TimeSpan keepSilent, CancellationToken cancellationToken);
}
