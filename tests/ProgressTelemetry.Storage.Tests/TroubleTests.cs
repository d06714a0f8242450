using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ProgressTelemetry.Storage.Tests.Support;
using Xunit;

namespace ProgressTelemetry.Storage.Tests;

/// <summary>Real stores in trouble: the work goes on, and what can be kept is kept once the trouble is over.</summary>
[Collection(PostgreSqlCollection.Name)]
public class TroubleTests(PostgreSqlServer server)
{
    private const string Secret = "open-sesame";

    [Fact]
    public async Task Sqlite_FileIsCorrupted_TheWorkGoesOn()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("runs.db"), new string('x', 8192));
        await WorkGoesOnAsync(Stores.Sqlite(folder.File("runs.db")), "not a database");
        SqliteConnection.ClearAllPools();
    }

    [Fact]
    public async Task Sqlite_FolderIsGone_CatchesUpWhenItIsThere()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "later", "runs.db");
        var store = Stores.Sqlite(file);
        await using var tracker = new ProgressTracker(store: store);
        tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "job" }).StartStage("load", 10).CompleteTasks(3);
        Assert.False(await tracker.FlushAsync());
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        Assert.True(await tracker.FlushAsync());
        Assert.Equal(3, Assert.Single(await store.ReadAllAsync()).Share!.Stages[0].DoneTasks);
        SqliteConnection.ClearAllPools();
    }

    [Fact]
    public async Task Sqlite_NewerSchema_TheWorkGoesOn()
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(await Stores.Sqlite(folder.File("runs.db")).ReadAllAsync());
        await using (var connection = new SqliteConnection($"Data Source={folder.File("runs.db")}"))
        {
            await connection.OpenAsync();
            await using var command = new SqliteCommand("UPDATE progress_schema SET version = 99", connection);
            await command.ExecuteNonQueryAsync();
        }

        await WorkGoesOnAsync(Stores.Sqlite(folder.File("runs.db")), "version 99 of its tables; this package knows 3");
        SqliteConnection.ClearAllPools();
    }

    [Fact]
    public async Task Sqlite_DiskIsFull_TheWorkGoesOnAndCatchesUpWhenThereIsRoom()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("runs.db");
        var store = Stores.Sqlite(file);
        using var log = new KeptLog();
        await using var tracker = new ProgressTracker(loggerFactory: log, store: store);
        var run = tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "job" });
        Assert.True(await tracker.FlushAsync());
        await LimitAsync(file, 1);
        for (var i = 0; i < 500; i++)
        {
            run.StartStage($"stage {i}", 10).CompleteTasks(3);
        }

        Assert.False(await tracker.FlushAsync());
        Assert.Contains("database or disk is full", log.Text);
        Assert.Equal(1500, run.GetStatus().CompletedTasks);
        Assert.Empty(Assert.Single(await store.ReadAllAsync()).Share!.Stages);

        await LimitAsync(file, 1_000_000);
        Assert.True(await tracker.FlushAsync());
        Assert.Equal(1500, Assert.Single(await store.ReadAllAsync()).Share!.Stages.Sum(stage => stage.DoneTasks));
        SqliteConnection.ClearAllPools();
    }

    [PostgreSqlFact]
    public async Task PostgreSql_ReadOnly_TheWorkGoesOnAndReads()
    {
        var database = await server.CreateDatabaseAsync();
        await Stores.PostgreSql(database).PutAsync([Share.Of("before")], default);
        var store = Stores.PostgreSql(database + ";Options=-c default_transaction_read_only=on");
        await using var tracker = await WorkGoesOnAsync(store, "read-only transaction");
        Assert.NotNull(tracker.GetStatus("before"));
    }

    [PostgreSqlFact]
    public async Task PostgreSql_KilledAndStartedAgain_CatchesUp()
    {
        var store = Stores.PostgreSql(await server.CreateDatabaseAsync());
        await using var tracker = new ProgressTracker(store: store);
        var load = tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "job" }).StartStage("load", 10);
        load.CompleteTasks(3);
        Assert.True(await tracker.FlushAsync());
        await server.KillAsync();
        load.CompleteTasks(4);
        Assert.False(await tracker.FlushAsync());
        await server.StartAsync();
        Assert.True(await tracker.FlushAsync());
        Assert.Equal(7, Assert.Single(await store.ReadAllAsync()).Share!.Stages[0].DoneTasks);
    }

    [PostgreSqlFact]
    public async Task PostgreSql_WrongPassword_IsInNoLog()
    {
        var store = Stores.PostgreSql($"Host=127.0.0.1;Port=1;Username=u;Password={Secret};Timeout=5");
        await WorkGoesOnAsync(store, "Failed to connect");
    }

    [Fact]
    public async Task Host_WithSqlite_GoesOnWithWhatTheHostBeforeLeft()
    {
        using var folder = new TemporaryFolder();
        using (var first = await StartHostAsync(folder.File("runs.db")))
        {
            first.Services.GetRequiredService<ProgressTracker>().StartWorkflow("import", new WorkflowRunOptions { RunId = "job" }).StartStage("load", 10).CompleteTasks(4);
            await first.StopAsync();
        }

        using var second = await StartHostAsync(folder.File("runs.db"));
        var run = second.Services.GetRequiredService<ProgressTracker>().StartWorkflow("import", new WorkflowRunOptions { RunId = "job" });
        Assert.Equal(4, run.GetStatus().CompletedTasks);
        run.Complete();
        await second.StopAsync();
        SqliteConnection.ClearAllPools();
    }

    [Fact]
    public void AddStore_WithoutAPlace_Throws()
    {
        var services = new ServiceCollection();
        Assert.Throws<ArgumentException>(() => services.AddSqliteRunStore(" "));
        Assert.Throws<ArgumentException>(() => services.AddPostgreSqlRunStore(""));
        Assert.Throws<ArgumentException>(() => services.AddPostgreSqlRunStore("no connection string"));
    }

    // On the connection that the store takes from the pool next.
    private static async Task LimitAsync(string file, int pages)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 5 }.ToString());
        await connection.OpenAsync();
        await using var command = new SqliteCommand($"PRAGMA max_page_count = {pages.ToString(System.Globalization.CultureInfo.InvariantCulture)}", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<IHost> StartHostAsync(string file)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddOpenTelemetry().AddProgressTracking().WithSqlite(file);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task<ProgressTracker> WorkGoesOnAsync(IRunStore store, string trouble)
    {
        using var log = new KeptLog();
        var tracker = new ProgressTracker(loggerFactory: log, store: store);
        Assert.False(await tracker.FlushAsync() && await Worked(tracker));
        var run = tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "job" });
        run.StartStage("load", 10).CompleteTasks(3);
        Assert.Equal(3, run.GetStatus().CompletedTasks);
        Assert.False(await tracker.FlushAsync());
        run.Complete();
        Assert.Contains("store_failed", log.Text);
        Assert.Contains(trouble, log.Text);
        Assert.DoesNotContain(Secret, log.Text);
        return tracker;

        // A store that can be read and not written fails with the first run.
        static async Task<bool> Worked(ProgressTracker tracker)
        {
            tracker.StartWorkflow("import").Complete();
            return await tracker.FlushAsync();
        }
    }
}
