using ProgressTelemetry.Storage.Tests.Support;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Storage.Tests;

/// <summary>Processes that work at one run wake each other through a real PostgreSQL.</summary>
[Collection(PostgreSqlCollection.Name)]
public class SignalTests(PostgreSqlServer server)
{
    [PostgreSqlFact]
    public async Task Signal_OfAnother_IsHeardWithItsRunsAndOnesOwnIsNot()
    {
        var database = await server.CreateDatabaseAsync();
        var (one, other) = (Signals(database), Signals(database));
        using var stop = new CancellationTokenSource();
        var heard = one.ListenAsync("one", stop.Token).GetAsyncEnumerator(stop.Token);
        var next = heard.MoveNextAsync().AsTask();
        await Eventually.TrueAsync(async () =>
        {
            // Until it listens, signals are lost: that is what asking once a second is for.
            await one.SignalAsync("one", ["its own"], default);
            await other.SignalAsync("other", ["job'1; --", "two words"], default);
            return next.IsCompleted;
        });
        Assert.True(await next);
        Assert.Equal("job'1; --", heard.Current);
        Assert.True(await heard.MoveNextAsync());
        Assert.Equal("two words", heard.Current);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await heard.MoveNextAsync())
            {
            }
        });
    }

    [PostgreSqlFact]
    public async Task Trackers_AtOneRun_HearOfEachOtherAlsoAfterTheServerWasKilled()
    {
        var database = await server.CreateDatabaseAsync();
        await using var owner = new ProgressTracker(store: Stores.PostgreSql(database));
        await using var worker = new ProgressTracker(store: Stores.PostgreSql(database));
        var run = owner.StartWorkflow("import", new WorkflowRunOptions { RunId = "job" });
        var load = run.StartStage("load", 1000);
        Assert.True(await owner.FlushAsync());
        Assert.True(await worker.FlushAsync());
        var part = worker.StartWorkflow("import", new WorkflowRunOptions { RunId = "job", WhenLive = WhenLive.Join });
        Assert.True(await worker.FlushAsync());
        load.CompleteTasks(5);
        await Eventually.TrueAsync(() => part.GetStatus().CompletedTasks == 5);

        await server.KillAsync();
        load.CompleteTasks(5);
        await server.StartAsync();
        await Eventually.TrueAsync(() => part.GetStatus().CompletedTasks == 10);
        await Eventually.TrueAsync(async () => await server.ListenersAsync(database) == 2);
    }

    [PostgreSqlFact]
    public async Task Listening_TakesNoneOfThePoolsConnections()
    {
        var database = await server.CreateDatabaseAsync() + ";Maximum Pool Size=1";
        var store = Stores.PostgreSql(database);
        await using var tracker = new ProgressTracker(store: store);
        await Eventually.TrueAsync(async () => await server.ListenersAsync(database) == 1);
        tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "job" });
        Assert.True(await tracker.FlushAsync());
        Assert.Equal("job", Assert.Single(await store.ReadAllAsync()).Share!.RunId);
    }

    private static IRunStoreSignals Signals(string database) => (IRunStoreSignals)Stores.PostgreSql(database);
}
