using Microsoft.Data.Sqlite;
using ProgressTelemetry.Storage.Tests.Support;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Storage.Tests;

/// <summary>Four real processes at one run, over real stores: this one owns it, three work, and one of them is killed with -9.</summary>
[Collection(PostgreSqlCollection.Name)]
public class SharedProcessesTests(PostgreSqlServer server)
{
    private const int Tasks = 6000, Each = 2000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Sqlite_ThreeWorkersAndOneIsKilled_TheRunEndsOnceWithAllItsTasks()
    {
        using var folder = new TemporaryFolder();
        await ShareAsync("sqlite", folder.File("runs.db"), Stores.Sqlite(folder.File("runs.db")));
        SqliteConnection.ClearAllPools();
    }

    [PostgreSqlFact]
    public async Task PostgreSql_ThreeWorkersAndOneIsKilled_TheRunEndsOnceWithAllItsTasks()
    {
        var database = await server.CreateDatabaseAsync();
        await ShareAsync("postgresql", database, Stores.PostgreSql(database));
    }

    private static async Task ShareAsync(string kind, string place, IRunStore store)
    {
        var milestones = new KeptMilestones();
        await using var tracker = new ProgressTracker(listeners: [milestones], store: store);
        var run = tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "job", Milestones = Milestone.Quarters });
        using var load = run.StartStage("load", Tasks);
        Assert.True(await tracker.FlushAsync());
        using var killed = WorkerProcess.Join(kind, place, Each);
        using var second = WorkerProcess.Join(kind, place, Each);
        using var third = WorkerProcess.Join(kind, place, Each);
        var seen = 0L;

        // Each of the three has told the store of some of its work.
        await Eventually.TrueAsync(() => (seen = Advanced(run, seen)) > 300 && run.GetStatus().Participants.Count(participant => participant.CompletedTasks > 0) == 3, killed.Text);
        await killed.KillAsync();
        Assert.Equal(0, await second.EndAsync(Limit));
        Assert.Equal(0, await third.EndAsync(Limit));
        Assert.True(await tracker.FlushAsync());

        // What the killed one did and could not tell is done again; it may have been killed before it printed its last ten.
        seen = Advanced(run, seen);
        Assert.InRange(seen, 2 * Each, (2 * Each) + DoneBy(killed) + 10);
        using var last = WorkerProcess.Join(kind, place, Tasks - seen);
        await Eventually.TrueAsync(() => (seen = Advanced(run, seen)) == Tasks, last.Text);
        Assert.Equal(0, await last.EndAsync(Limit));
        run.Complete();
        Assert.True(await tracker.FlushAsync());
        await tracker.DrainAsync();

        var joint = JointRun.Of((await store.ReadAllAsync()).Select(stored => stored.Share!));
        Assert.Equal((Tasks, 1.0, WorkflowResult.Success), ((int)joint.ToStatus(DateTimeOffset.UtcNow).CompletedTasks, joint.ToStatus(DateTimeOffset.UtcNow).CompletionRatio, joint.Total.Result));
        Assert.Equal(5, joint.Shares.Length);
        Assert.Single(joint.Shares, share => share.Result is not null);
        Assert.Equal(3, joint.Shares.Count(share => share.LeftAt is not null));
        string[] told = [.. milestones.Names, .. new[] { killed, second, third, last }.SelectMany(worker => worker.Lines).Where(line => line.StartsWith("milestone ", StringComparison.Ordinal)).Select(line => line["milestone ".Length..])];
        Assert.Distinct(told);

        // One may have been claimed by the killed process and not told.
        Assert.InRange(told.Length, 3, 4);
    }

    // As every process sees it, the run never goes backwards.
    private static long Advanced(WorkflowRun run, long seen)
    {
        var now = run.GetStatus().CompletedTasks;
        Assert.InRange(now, seen, Tasks);
        return now;
    }

    private static long DoneBy(WorkerProcess worker) =>
        worker.Lines.LastOrDefault(line => line.StartsWith("done ", StringComparison.Ordinal)) is { } line ? long.Parse(line["done ".Length..], System.Globalization.CultureInfo.InvariantCulture) : 0;

    private sealed class KeptMilestones : ProgressListener
    {
        private readonly List<string> _names = [];

        public IReadOnlyList<string> Names
        {
            get
            {
                lock (_names)
                {
                    return [.. _names];
                }
            }
        }

        public override void OnMilestoneReached(WorkflowRun run, MilestoneStatus milestone)
        {
            lock (_names)
            {
                _names.Add(milestone.Name);
            }
        }
    }
}
