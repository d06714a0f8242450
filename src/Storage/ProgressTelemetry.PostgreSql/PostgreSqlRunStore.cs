using System.Data.Common;
using Npgsql;

namespace ProgressTelemetry.Storage;

/// <summary>Shares in a PostgreSQL database, for many processes.</summary>
internal sealed class PostgreSqlRunStore(NpgsqlDataSource source) : SqlRunStore(new Dialect()), IAsyncDisposable
{
    public ValueTask DisposeAsync() => source.DisposeAsync();

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
            TableExists = "SELECT COUNT(*) FROM pg_catalog.pg_class WHERE oid = to_regclass(@name)";
            LockSchema = "SELECT pg_advisory_xact_lock(7238190513)";
        }
    }
}
