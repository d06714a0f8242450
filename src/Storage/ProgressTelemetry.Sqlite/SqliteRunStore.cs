using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace ProgressTelemetry.Storage;

/// <summary>Shares in an SQLite file, for the processes of one machine.</summary>
internal sealed class SqliteRunStore(string file) : SqlRunStore(new Dialect())
{
    private readonly string _connection = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = BusySeconds }.ToString();

    /// <summary>How long a writer waits for another, s.</summary>
    private const int BusySeconds = 5;

    protected override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);

            // Readers and the writer don't wait for each other, and what is committed outlives the process.
            var pragmas = connection.Command("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
            await using var _ = pragmas.ConfigureAwait(false);
            await pragmas.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // The provider's asynchronous calls block: on a thread of their own, so that none of the pool's is held.
    protected override Task<T> RunAsync<T>(Func<Task<T>> use, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(use, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private sealed record Dialect : SqlDialect
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Dialect()
        {
            Now = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

            // There is one writer at a time; and numbers go on growing when the latest changes were pruned.
            NextChange = "MAX((SELECT COALESCE(MAX(change), 0) + 1 FROM progress_shares), CAST(unixepoch('subsec') * 1000 AS INTEGER))";
            Horizon = "(SELECT COALESCE(MAX(change), 0) + 1 FROM progress_shares)";
            IsAmong = column => $"{column} IN (SELECT value FROM json_each(@texts))";
            TableExists = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @name";

            // Transactions begin as writers' here.
            LockSchema = "SELECT 1";
        }
    }
}
