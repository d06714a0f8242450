using System.Data.Common;

namespace ProgressTelemetry.Storage;

/// <summary>Shares in two tables of an SQL database. What follows from a store that fails is the tracker's affair: here it just throws.</summary>
internal abstract class SqlRunStore(SqlDialect dialect) : IRunStore
{
    private readonly string _put =
        $"""
        INSERT INTO progress_shares (run_id, generation, participant, instance, sequence, workflow, is_end, change, stored_at, share)
        VALUES (@run, @generation, @participant, @instance, @sequence, @workflow, @is_end, {dialect.NextChange}, {dialect.Now}, @share)
        ON CONFLICT (run_id, generation, participant) DO UPDATE
        SET sequence = excluded.sequence, is_end = excluded.is_end, change = excluded.change, stored_at = excluded.stored_at, share = excluded.share
        WHERE excluded.sequence > progress_shares.sequence
        """;

    private readonly string _changes = Changes(dialect, "change", "");

    // Few runs' shares are found by their key, and not among all that has changed: no index is of this sum.
    private readonly string _changesOfRuns = Changes(dialect, "change + 0", "AND " + dialect.IsAmong("run_id"));

    private readonly string _tell =
        $"INSERT INTO progress_processes (instance, seen_at) VALUES (@instance, {dialect.Now}) ON CONFLICT (instance) DO UPDATE SET seen_at = excluded.seen_at";

    private readonly string _present =
        $"SELECT instance, {dialect.Now} - seen_at FROM progress_processes WHERE seen_at >= {dialect.Now} - CAST(@within AS BIGINT)";

    private readonly string _amongInstances = " AND " + dialect.IsAmong("instance");

    private readonly string _horizon = $"SELECT {dialect.Horizon}; ";

    private readonly string _prune =
        $"""
        DELETE FROM progress_shares WHERE (run_id, generation) IN (
            SELECT run_id, generation FROM progress_shares GROUP BY run_id, generation
            HAVING MAX(stored_at) < {dialect.Now} - @silent OR MAX(CASE WHEN is_end = 1 THEN stored_at END) < {dialect.Now} - @ended);
        DELETE FROM progress_claims WHERE NOT EXISTS (
            SELECT 1 FROM progress_shares s WHERE s.run_id = progress_claims.run_id AND s.generation = progress_claims.generation);
        DELETE FROM progress_processes WHERE seen_at < {dialect.Now} - @silent;
        """;

    private readonly string _claim =
        $"""
        INSERT INTO progress_claims (run_id, generation, what, claimant, until) VALUES (@run, @generation, @what, @claimant, {dialect.Now} + CAST(@lease AS BIGINT))
        ON CONFLICT (run_id, generation, what) DO UPDATE SET claimant = excluded.claimant, until = excluded.until
        WHERE progress_claims.claimant = excluded.claimant OR progress_claims.until < {dialect.Now};
        SELECT claimant FROM progress_claims WHERE run_id = @run AND generation = @generation AND what = @what;
        """;

    private volatile bool _hasSchema;

    private static string Changes(SqlDialect dialect, string change, string condition) =>
        $"""
        SELECT change, run_id, generation, participant, share, {dialect.Now} - stored_at FROM progress_shares
        WHERE ({change}, run_id, generation, participant) > (@change, @run, @generation, @participant) AND instance <> @not_of {condition}
        ORDER BY {change}, run_id, generation, participant LIMIT @most
        """;

    /// <inheritdoc/>
    public Task PutAsync(IReadOnlyList<RunShare> shares, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shares);
        return UseAsync(connection => PutAsync(connection, shares, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoreChanges> GetChangesAsync(ShareQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Most);
        return UseAsync(connection => GetChangesAsync(connection, query, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task TellPresentAsync(string instance, CancellationToken cancellationToken) => UseAsync(
        async connection =>
        {
            var command = connection.Command(_tell).With("@instance", instance);
            await using var _ = command.ConfigureAwait(false);
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, TimeSpan>> GetPresentAsync(IReadOnlyCollection<string>? instances, TimeSpan within, CancellationToken cancellationToken) => UseAsync(
        async connection =>
        {
            var command = connection.Command(instances is null ? _present : _present + _amongInstances).With("@within", (long)within.TotalMilliseconds);
            await using var _ = command.ConfigureAwait(false);
            if (instances is not null)
            {
                command.With("@texts", StoreJson.Texts(instances));
            }

            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using var __ = reader.ConfigureAwait(false);
            var present = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                present[reader.GetString(0)] = TimeSpan.FromMilliseconds(Math.Max(0, reader.GetInt64(1)));
            }

            return (IReadOnlyDictionary<string, TimeSpan>)present;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryClaimAsync(string runId, long generation, string what, string claimant, TimeSpan? lease, CancellationToken cancellationToken) => UseAsync(
        async connection =>
        {
            var command = connection.Command(_claim).With("@run", runId).With("@generation", generation).With("@what", what).With("@claimant", claimant)
                .With("@lease", lease is { } time ? (long)time.TotalMilliseconds : DBNull.Value);
            await using var _ = command.ConfigureAwait(false);
            return claimant.Equals(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task PruneAsync(TimeSpan keepEnded, TimeSpan keepSilent, CancellationToken cancellationToken) => UseAsync(
        async connection =>
        {
            var command = connection.Command(_prune).With("@ended", (long)keepEnded.TotalMilliseconds).With("@silent", (long)keepSilent.TotalMilliseconds);
            await using var _ = command.ConfigureAwait(false);
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>A connection that is open, and the caller's to dispose.</summary>
    protected abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Runs what uses the database where it holds nobody up.</summary>
    protected virtual Task<T> RunAsync<T>(Func<Task<T>> use, CancellationToken cancellationToken) => use();

    private Task<T> UseAsync<T>(Func<DbConnection, Task<T>> use, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            try
            {
                if (!_hasSchema)
                {
                    await Schema.EnsureAsync(connection, dialect, cancellationToken).ConfigureAwait(false);
                    _hasSchema = true;
                }

                return await use(connection).ConfigureAwait(false);
            }
            catch (DbException)
            {
                // The tables may have been dropped, or changed by a later version.
                _hasSchema = false;
                throw;
            }
        },
        cancellationToken);

    private Task<bool> PutAsync(DbConnection connection, IReadOnlyList<RunShare> shares, CancellationToken cancellationToken) =>
        connection.CanCreateBatch ? PutBatchAsync(connection, shares, cancellationToken) : PutOneByOneAsync(connection, shares, cancellationToken);

    private async Task<bool> PutOneByOneAsync(DbConnection connection, IReadOnlyList<RunShare> shares, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var command = connection.Command(_put, transaction);
        await using var __ = command.ConfigureAwait(false);
        foreach (var share in shares)
        {
            foreach (var (name, value) in Values(share))
            {
                command.With(name, value);
            }

            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>One round trip for all of them, which is a transaction by itself.</summary>
    private async Task<bool> PutBatchAsync(DbConnection connection, IReadOnlyList<RunShare> shares, CancellationToken cancellationToken)
    {
        var batch = connection.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        foreach (var share in shares)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = _put;
            foreach (var (name, value) in Values(share))
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                command.Parameters.Add(parameter);
            }

            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static (string Name, object Value)[] Values(RunShare share) =>
    [
        ("@run", share.RunId), ("@generation", share.Generation), ("@participant", share.Participant), ("@sequence", share.Sequence),
        ("@instance", share.Instance ?? ""), ("@workflow", share.Workflow), ("@is_end", share.Result is null ? 0 : 1), ("@share", ShareJson.Write(share)),
    ];

    private async Task<StoreChanges> GetChangesAsync(DbConnection connection, ShareQuery query, CancellationToken cancellationToken)
    {
        var cursor = ChangeCursor.Parse(query.Cursor);

        // The horizon before the shares: what is committed between the two is read twice, and nothing is missed.
        var command = connection.Command((cursor.Horizon is null ? _horizon : "") + (query.RunIds is null ? _changes : _changesOfRuns))
            .With("@change", cursor.Change).With("@run", cursor.RunId).With("@generation", cursor.Generation).With("@participant", cursor.Participant)
            .With("@not_of", query.NotOf ?? " ").With("@most", query.Most);
        await using var _ = command.ConfigureAwait(false);
        if (query.RunIds is not null)
        {
            command.With("@texts", StoreJson.Texts(query.RunIds));
        }

        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        if (cursor.Horizon is null)
        {
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            cursor = cursor with { Horizon = reader.GetInt64(0) };
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        var shares = new List<StoredShare>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            cursor = cursor with { Change = reader.GetInt64(0), RunId = reader.GetString(1), Generation = reader.GetInt64(2), Participant = reader.GetString(3) };
            shares.Add(new StoredShare(ShareJson.Read(reader.GetString(4)), TimeSpan.FromMilliseconds(Math.Max(0, reader.GetInt64(5)))));
        }

        var isAll = shares.Count < query.Most;
        return new StoreChanges(shares, (isAll ? ChangeCursor.Start(cursor.Horizon!.Value) : cursor).ToString(), isAll);
    }
}
