using System.Globalization;

namespace ProgressTelemetry;

/// <summary>Keeps shares for as long as the process lives: for tests, and for several trackers of one process.</summary>
/// <param name="timeProvider">The store's clock; default: the system's.</param>
public sealed class InMemoryRunStore(TimeProvider? timeProvider = null) : IRunStore
{
    private readonly TimeProvider _clock = timeProvider ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Run, long Generation, string Participant), Row> _rows = [];
    private readonly Dictionary<(string Run, long Generation, string What), Claim> _claims = [];
    private long _changes;

    /// <inheritdoc/>
    public Task PutAsync(IReadOnlyList<RunShare> shares, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shares);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            foreach (var share in shares)
            {
                var key = (share.RunId, share.Generation, share.Participant);
                if (!_rows.TryGetValue(key, out var row) || row.Share.Sequence < share.Sequence)
                {
                    _rows[key] = new Row(share, ++_changes, _clock.GetTimestamp());
                }
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<StoreChanges> GetChangesAsync(string? cursor, int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        cancellationToken.ThrowIfCancellationRequested();
        var since = cursor is null ? 0 : long.Parse(cursor, CultureInfo.InvariantCulture);
        lock (_gate)
        {
            Row[] changed = [.. _rows.Values.Where(row => row.Change > since).OrderBy(row => row.Change).Take(most)];
            var next = changed is [.., var last] ? last.Change : since;
            return Task.FromResult(new StoreChanges([.. changed.Select(ToStored)], next.ToString(CultureInfo.InvariantCulture), next == _changes || changed.Length < most));
        }
    }

    /// <inheritdoc/>
    public Task<bool> TryClaimAsync(string runId, long generation, string what, string claimant, TimeSpan? lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runId);
        ArgumentNullException.ThrowIfNull(what);
        ArgumentNullException.ThrowIfNull(claimant);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var key = (runId, generation, what);
            var isOurs = !_claims.TryGetValue(key, out var claim) || claim.Claimant == claimant || claim.Until < _clock.GetTimestamp();
            if (isOurs)
            {
                _claims[key] = new Claim(claimant, lease is { } time ? _clock.GetTimestamp() + (long)(time.TotalSeconds * _clock.TimestampFrequency) : null);
            }

            return Task.FromResult(isOurs);
        }
    }

    /// <inheritdoc/>
    public Task PruneAsync(TimeSpan keepEnded, TimeSpan keepSilent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            foreach (var run in _rows.Values.GroupBy(row => (row.Share.RunId, row.Share.Generation)).ToArray())
            {
                var ends = run.Where(row => row.Share.Result is not null).ToArray();
                if (ends.Length > 0 && ends.All(row => AgeOf(row) > keepEnded) || run.All(row => AgeOf(row) > keepSilent))
                {
                    Forget(run.Key.RunId, run.Key.Generation);
                }
            }
        }

        return Task.CompletedTask;
    }

    private void Forget(string run, long generation)
    {
        foreach (var key in _rows.Keys.Where(key => key.Run == run && key.Generation == generation).ToArray())
        {
            _rows.Remove(key);
        }

        foreach (var key in _claims.Keys.Where(key => key.Run == run && key.Generation == generation).ToArray())
        {
            _claims.Remove(key);
        }
    }

    private StoredShare ToStored(Row row) => new(row.Share, AgeOf(row));

    private TimeSpan AgeOf(Row row) => _clock.GetElapsedTime(row.StoredAt);

    private sealed record Claim(string Claimant, long? Until);

    private sealed record Row(RunShare Share, long Change, long StoredAt);
}
