using System.Data.Common;
using System.Globalization;

namespace ProgressTelemetry.Storage;

/// <summary>The tables, made and brought up to date by whoever comes first.</summary>
internal static class Schema
{
    private const string VersionTable = "progress_schema";

    /// <summary>Each step leads from the version of its place to the next. A step that was released never changes.</summary>
    private static readonly string[] _steps =
    [
        """
        CREATE TABLE progress_shares (
            run_id TEXT NOT NULL, generation BIGINT NOT NULL, participant TEXT NOT NULL, sequence BIGINT NOT NULL, workflow TEXT NOT NULL,
            is_end INTEGER NOT NULL, change BIGINT NOT NULL, stored_at BIGINT NOT NULL, share TEXT NOT NULL,
            PRIMARY KEY (run_id, generation, participant));
        CREATE INDEX progress_shares_change ON progress_shares (change, run_id, generation, participant);
        CREATE TABLE progress_claims (
            run_id TEXT NOT NULL, generation BIGINT NOT NULL, what TEXT NOT NULL, claimant TEXT NOT NULL,
            PRIMARY KEY (run_id, generation, what));
        """,
        "ALTER TABLE progress_claims ADD COLUMN until BIGINT;",
        """
        ALTER TABLE progress_shares ADD COLUMN instance TEXT NOT NULL DEFAULT '';
        CREATE TABLE progress_processes (instance TEXT NOT NULL PRIMARY KEY, seen_at BIGINT NOT NULL);
        """,
    ];

    public static int Version => _steps.Length;

    /// <exception cref="NotSupportedException">A later version of the package has changed the tables.</exception>
    public static async Task EnsureAsync(DbConnection connection, SqlDialect dialect, CancellationToken cancellationToken)
    {
        if (await ReadAsync(connection, null, dialect, cancellationToken).ConfigureAwait(false) == Version)
        {
            return;
        }

        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await ExecuteAsync(connection, transaction, dialect.LockSchema, cancellationToken).ConfigureAwait(false);

        // Another process may have been first.
        var version = await ReadAsync(connection, transaction, dialect, cancellationToken).ConfigureAwait(false);
        if (version == 0)
        {
            await ExecuteAsync(connection, transaction, $"CREATE TABLE {VersionTable} (version INTEGER NOT NULL); INSERT INTO {VersionTable} VALUES (0);", cancellationToken).ConfigureAwait(false);
        }

        foreach (var step in _steps.Skip(version))
        {
            await ExecuteAsync(connection, transaction, step, cancellationToken).ConfigureAwait(false);
        }

        await ExecuteAsync(connection, transaction, string.Create(CultureInfo.InvariantCulture, $"UPDATE {VersionTable} SET version = {Version}"), cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> ReadAsync(DbConnection connection, DbTransaction? transaction, SqlDialect dialect, CancellationToken cancellationToken)
    {
        var exists = connection.Command(dialect.TableExists, transaction).With("@name", VersionTable);
        await using var _ = exists.ConfigureAwait(false);
        if (await exists.NumberAsync(cancellationToken).ConfigureAwait(false) == 0)
        {
            return 0;
        }

        var read = connection.Command($"SELECT version FROM {VersionTable}", transaction);
        await using var __ = read.ConfigureAwait(false);
        var version = (int)await read.NumberAsync(cancellationToken).ConfigureAwait(false);
        return version <= Version
            ? version
            : throw new NotSupportedException($"The run store has version {version.ToString(CultureInfo.InvariantCulture)} of its tables; this package knows {Version.ToString(CultureInfo.InvariantCulture)}. Update the package.");
    }

    private static async Task ExecuteAsync(DbConnection connection, DbTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        var command = connection.Command(sql, transaction);
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
