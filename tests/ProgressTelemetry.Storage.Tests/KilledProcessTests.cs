using Microsoft.Data.Sqlite;
using ProgressTelemetry.Storage.Tests.Support;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Storage.Tests;

/// <summary>Real processes that are killed with -9 in the middle of a run, and real stores.</summary>
[Collection(PostgreSqlCollection.Name)]
public class KilledProcessTests(PostgreSqlServer server)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Sqlite_WorkerIsKilledThreeTimes_TheRunEndsOnceWithAllItsTasks()
    {
        using var folder = new TemporaryFolder();
        await KillThreeTimesAsync("sqlite", folder.File("runs.db"), Stores.Sqlite(folder.File("runs.db")));
        SqliteConnection.ClearAllPools();
    }

    [PostgreSqlFact]
    public async Task PostgreSql_WorkerIsKilledThreeTimes_TheRunEndsOnceWithAllItsTasks()
    {
        var database = await server.CreateDatabaseAsync();
        await KillThreeTimesAsync("postgresql", database, Stores.PostgreSql(database));
    }

    private static async Task KillThreeTimesAsync(string kind, string place, IRunStore store)
    {
        var lines = new List<string>();
        var known = 0L;
        for (var kill = 0; kill < 3; kill++)
        {
            using var worker = WorkerProcess.Start(kind, place);
            var before = known;
            await Eventually.TrueAsync(async () => (known = (await JointAsync(store))?.Total.Stages.Sum(stage => stage.DoneTasks) ?? 0) > before + 100, worker.Text);
            await worker.KillAsync();
            AssertGoesOn(worker, before);
            lines.AddRange(worker.Lines);
        }

        using var last = WorkerProcess.Start(kind, place);
        Assert.Equal(0, await last.EndAsync(Limit));
        AssertGoesOn(last, known);
        lines.AddRange(last.Lines);

        var run = (await JointAsync(store))!;
        var status = run.ToStatus(DateTimeOffset.UtcNow);
        Assert.Equal((WorkerProcess.Tasks, 1.0, WorkflowResult.Success), ((int)status.CompletedTasks, status.CompletionRatio, status.Result));
        Assert.Single(run.Shares, share => share.Result is not null);
        Assert.Equal((0, 4), (run.Generation, run.Shares.Length));
        Assert.All(status.Milestones, milestone => Assert.NotNull(milestone.ReachedAt));
        Assert.Distinct(lines.Where(line => line.StartsWith("milestone", StringComparison.Ordinal)));
        foreach (var milestone in status.Milestones)
        {
            Assert.False(await store.TryClaimAsync("job", 0, "milestone " + milestone.Name, "nobody", null, default));
        }
    }

    // Where the store says that the run stands: at least as far as was seen there before, and no further than was done.
    private static void AssertGoesOn(WorkerProcess worker, long known)
    {
        var resumed = long.Parse(Assert.Single(worker.Lines, line => line.StartsWith("resumed ", StringComparison.Ordinal))["resumed ".Length..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(resumed, known, WorkerProcess.Tasks);
    }

    private static async Task<JointRun?> JointAsync(IRunStore store) =>
        await store.ReadAllAsync() is { Count: > 0 } stored ? JointRun.Of(stored.Select(share => share.Share!)) : null;
}
