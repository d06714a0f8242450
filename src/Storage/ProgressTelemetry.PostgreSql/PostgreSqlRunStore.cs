using System.Data.Common;
using System.Runtime.CompilerServices;
using Npgsql;

namespace ProgressTelemetry.Storage;

/// <summary>Shares in a PostgreSQL database, for many processes.</summary>
/// <param name="source">Connections from a pool.</param>
/// <param name="listening">Connections that are held for as long as they listen, and aren't the pool's.</param>
internal sealed class PostgreSqlRunStore(NpgsqlDataSource source, NpgsqlDataSource listening) : SqlRunStore(new Dialect()), IRunStoreSignals, IAsyncDisposable
{
    private const string Channel = "progress_runs";

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync().ConfigureAwait(false);
        await listening.DisposeAsync().ConfigureAwait(false);
    }

    public async Task SignalAsync(string instance, IReadOnlyCollection<string> runIds, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var command = connection.Command($"SELECT pg_notify('{Channel}', @instance || ' ' || id) FROM json_array_elements_text(@texts::json) id")
            .With("@instance", instance).With("@texts", StoreJson.Texts(runIds));
        await using var __ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<string> ListenAsync(string instance, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connection = await listening.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var heard = new Queue<string>();
        connection.Notification += (_, told) =>
        {
            if (told.Payload.Split(' ', 2) is [var by, var runId] && by != instance)
            {
                heard.Enqueue(runId);
            }
        };
        var listen = connection.Command($"LISTEN {Channel}");
        await using var __ = listen.ConfigureAwait(false);
        await listen.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            await connection.WaitAsync(cancellationToken).ConfigureAwait(false);
            while (heard.TryDequeue(out var runId))
            {
                yield return runId;
            }
        }
    }

    protected override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken) => await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);

    private sealed record Dialect : SqlDialect
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Dialect()
        {
            Now = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint";

            // Transactions commit in another order than they begin: below the oldest that still runs, all can be seen.
            NextChange = "pg_current_xact_id()::text::bigint";
            Horizon = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
            IsAmong = column => $"{column} = ANY (ARRAY(SELECT json_array_elements_text(@texts::json)))";
            TableExists = "SELECT COUNT(*) FROM pg_catalog.pg_class WHERE oid = to_regclass(@name)";
            LockSchema = "SELECT pg_advisory_xact_lock(7238190513)";
        }
    }
}
