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
    private readonly Dictionary<string, long> _present = new(StringComparer.Ordinal);
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
    public Task<StoreChanges> GetChangesAsync(ShareQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Most);
        cancellationToken.ThrowIfCancellationRequested();
        var since = query.Cursor is null ? 0 : long.Parse(query.Cursor, CultureInfo.InvariantCulture);
        var ids = query.RunIds?.ToHashSet(StringComparer.Ordinal);
        lock (_gate)
        {
            var asked = _rows.Values.Where(row => row.Change > since && ids?.Contains(row.Share.RunId) != false && (query.NotOf is null || row.Share.Instance != query.NotOf));
            Row[] changed = [.. asked.OrderBy(row => row.Change).Take(query.Most)];
            var isAll = changed.Length < query.Most;
            var next = isAll ? _changes : changed[^1].Change;
            return Task.FromResult(new StoreChanges([.. changed.Select(ToStored)], next.ToString(CultureInfo.InvariantCulture), isAll || next == _changes));
        }
    }

    /// <inheritdoc/>
    public Task TellPresentAsync(string instance, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instance);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _present[instance] = _clock.GetTimestamp();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, TimeSpan>> GetPresentAsync(IReadOnlyCollection<string>? instances, TimeSpan within, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var asked = _present.Where(process => instances?.Contains(process.Key) != false).Select(process => (process.Key, Age: _clock.GetElapsedTime(process.Value)));
            return Task.FromResult<IReadOnlyDictionary<string, TimeSpan>>(asked.Where(process => process.Age <= within).ToDictionary(StringComparer.Ordinal));
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

            foreach (var gone in _present.Where(process => _clock.GetElapsedTime(process.Value) > keepSilent).Select(process => process.Key).ToArray())
            {
                _present.Remove(gone);
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
