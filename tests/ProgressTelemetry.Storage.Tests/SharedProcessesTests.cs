using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using ProgressTelemetry.Storage.Tests.Support;
using ProgressTelemetry.TestSupport;
using Xunit;
using Xunit.Abstractions;

namespace ProgressTelemetry.Storage.Tests;

/// <summary>Five real processes at one run, over real stores: this one owns it, four work, and each five seconds one of them is killed with -9 and another goes on in its place.</summary>
[Collection(PostgreSqlCollection.Name)]
public class SharedProcessesTests(PostgreSqlServer server, ITestOutputHelper output)
{
    private const int Tasks = 100_000, Places = 4, Milestones = 20;

    /// <summary>A worker does a thousand a second and tells the store once a second; on a busy machine less often.</summary>
    private const int MostLost = 5000;

    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(5), Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Sqlite_FourWorkersOfWhichOneIsKilledEachFiveSeconds_TheRunEndsOnceWithAllItsTasks()
    {
        using var folder = new TemporaryFolder();
        await ShareAsync("sqlite", folder.File("runs.db"), Stores.Sqlite(folder.File("runs.db")));
        SqliteConnection.ClearAllPools();
    }

    [PostgreSqlFact]
    public async Task PostgreSql_FourWorkersOfWhichOneIsKilledEachFiveSeconds_TheRunEndsOnceWithAllItsTasks()
    {
        var database = await server.CreateDatabaseAsync();
        await ShareAsync("postgresql", database, Stores.PostgreSql(database));
    }

    private async Task ShareAsync(string kind, string place, IRunStore store)
    {
        var milestones = new KeptMilestones();
        await using var tracker = new ProgressTracker(listeners: [milestones], store: store);
        Milestone[] all = [.. Enumerable.Range(1, Milestones).Select(i => new Milestone(string.Create(CultureInfo.InvariantCulture, $"{100 * i / Milestones} %"), (double)i / Milestones))];
        var run = tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "job", Milestones = all });
        using var load = run.StartStage("load", Tasks);
        Assert.True(await tracker.FlushAsync());
        Place[] places = [.. Enumerable.Range(0, Places).Select(_ => new Place(kind, place, store))];
        try
        {
            var (kills, seen) = (0, 0L);
            for (var watch = Stopwatch.StartNew(); seen < Tasks; await Task.Delay(20))
            {
                Assert.True(watch.Elapsed < Limit, string.Join('\n', places.Select(worker => worker.Now.Text())));
                seen = Advanced(run, seen);
                if (watch.Elapsed > (kills + 1) * BetweenKills && places[kills % Places] is { Now.HasExited: false } worker)
                {
                    var lost = await worker.KillAndGoOnAsync();
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: killed at {seen} tasks; {lost} of them were done and not told, and are done again"));
                    Assert.InRange(lost, -10, MostLost);
                    kills++;
                }
            }

            foreach (var worker in places)
            {
                Assert.Equal(0, await worker.Now.EndAsync(Limit));
            }

            run.Complete();
            Assert.True(await tracker.FlushAsync());
            await tracker.DrainAsync();
            Assert.InRange(kills, 3, 60);

            var joint = JointRun.Of((await store.ReadAllAsync()).Select(stored => stored.Share!));
            var status = joint.ToStatus(DateTimeOffset.UtcNow);
            Assert.Equal((Tasks, 1.0, WorkflowResult.Success), ((int)status.CompletedTasks, status.CompletionRatio, status.Result));
            Assert.Equal(1 + Places + kills, joint.Shares.Length);
            Assert.Single(joint.Shares, share => share.Result is not null);

            // One may have left when it was killed.
            Assert.InRange(joint.Shares.Count(share => share.LeftAt is not null), Places, Places + kills);
            string[] told = [.. milestones.Names, .. places.SelectMany(worker => worker.Lines).Where(line => line.StartsWith("milestone ", StringComparison.Ordinal)).Select(line => line["milestone ".Length..])];
            Assert.Distinct(told);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: {kills} kills; {told.Length} of {Milestones} milestones told, each once"));

            // One may have been claimed by a process that was killed before it told it.
            Assert.InRange(told.Length, Milestones - kills, Milestones);
        }
        finally
        {
            Array.ForEach(places, worker => worker.Dispose());
        }
    }

    // As every process sees it, the run never goes backwards.
    private static long Advanced(WorkflowRun run, long seen)
    {
        var now = run.GetStatus().CompletedTasks;
        Assert.InRange(now, seen, Tasks);
        return now;
    }

    /// <summary>A quarter of the tasks, on which one process after the other works.</summary>
    private sealed class Place(string kind, string place, IRunStore store) : IDisposable
    {
        private readonly List<WorkerProcess> _processes = [WorkerProcess.Join(kind, place, Tasks / Places)];

        public WorkerProcess Now => _processes[^1];

        public IEnumerable<string> Lines => _processes.SelectMany(process => process.Lines);

        /// <summary>Kills the worker; another does what the store doesn't know to be done. Returns how much that was done is done again.</summary>
        public async Task<long> KillAndGoOnAsync()
        {
            var killed = Now;
            await killed.KillAsync();
            var kept = await KeptAsync();
            var line = killed.Lines.LastOrDefault(line => line.StartsWith("done ", StringComparison.Ordinal));
            var done = line is null ? 0 : long.Parse(line["done ".Length..], CultureInfo.InvariantCulture);
            var lost = done - kept.GetValueOrDefault(killed.Id);
            _processes.Add(WorkerProcess.Join(kind, place, (Tasks / Places) - kept.Values.Sum()));
            return lost;
        }

        public void Dispose() => _processes.ForEach(process => process.Dispose());

        // What was on its way to the store when its process was killed may arrive a moment later.
        private async Task<Dictionary<int, long>> KeptAsync()
        {
            for (var before = await ReadAsync(); ;)
            {
                await Task.Delay(300);
                var now = await ReadAsync();
                if (now.Values.Sum() == before.Values.Sum())
                {
                    return now;
                }

                before = now;
            }
        }

        private async Task<Dictionary<int, long>> ReadAsync()
        {
            var shares = (await store.ReadAllAsync()).Select(stored => stored.Share!).ToList();
            return _processes.ToDictionary(
                process => process.Id,
                process => shares.Where(share => share.Process == string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{process.Id}")).Sum(share => share.Stages.Sum(stage => stage.DoneTasks)));
        }
    }

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
