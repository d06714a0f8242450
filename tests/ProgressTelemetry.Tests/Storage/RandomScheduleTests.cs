using ProgressTelemetry.Signals;
using Xunit;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>Processes join, work, leave and are killed in random order, at one run of which another tells: each sees what all did, nothing runs backwards, nothing is told twice.</summary>
public sealed class RandomScheduleTests
{
    private const int Tasks = 4000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Schedule_AnyOrder_AllSeeTheSame(int seed)
    {
        using var fixture = new StoreFixture();
        var random = new Random(seed);
        var owner = await fixture.StartProcessAsync();
        var run = owner.StartWorkflow("import", Options(WhenLive.Throw));
        run.StartStage("load", Tasks);
        await owner.FlushAsync();
        var workers = new List<Worker>();
        var (kept, seen) = (0L, 0L);
        for (var step = 0; step < 150; step++)
        {
            var worker = workers.Count > 0 ? workers[random.Next(workers.Count)] : null;
            switch (random.Next(10))
            {
                case 0 when workers.Count < 4:
                    var process = await fixture.StartProcessAsync();
                    var part = process.StartWorkflow("import", Options(WhenLive.Join));
                    workers.Add(new Worker(process, part, part.StartStage("load")));
                    break;
                case 1 when worker is not null:
                    // What it did since its last flush is lost.
                    fixture.Kill(worker.Process);
                    workers.Remove(worker);
                    kept += worker.Flushed;
                    break;
                case 2 when worker is not null:
                    worker.Stage.Complete();
                    worker.Part.Complete();
                    await worker.Process.FlushAsync();
                    fixture.Kill(worker.Process);
                    workers.Remove(worker);
                    kept += worker.Done;
                    break;
                case 3:
                    fixture.Clock.Advance(TimeSpan.FromSeconds(random.Next(1, 40)));
                    foreach (var other in workers)
                    {
                        await other.FlushAsync();
                    }

                    await owner.FlushAsync();
                    break;
                case < 7 when worker is not null:
                    worker.Work(random.Next(1, 20));
                    break;
                case < 9 when worker is not null:
                    await worker.FlushAsync();
                    break;
                default:
                    await owner.FlushAsync();
                    break;
            }

            var now = run.GetStatus();
            Assert.True(now.CompletedTasks >= seen, $"step {step}: {now.CompletedTasks} after {seen}");
            Assert.Null(now.Result);
            seen = now.CompletedTasks;
        }

        foreach (var worker in workers)
        {
            await worker.FlushAsync();
        }

        await StoreFixture.SyncAsync([owner, .. workers.Select(worker => worker.Process)]);
        var done = kept + workers.Sum(worker => worker.Done);
        Assert.All([run, .. workers.Select(worker => worker.Part)], handle => Assert.Equal((done, Tasks), (handle.GetStatus().CompletedTasks, (int)handle.GetStatus().ExpectedTasks!)));
        Assert.Equal(done, (await fixture.StartProcessAsync()).GetStatus("job")!.CompletedTasks);
        run.Complete();
        await StoreFixture.SyncAsync([owner, .. workers.Select(worker => worker.Process)]);
        Assert.All(workers, worker => Assert.Equal(WorkflowResult.Success, worker.Part.GetStatus().Result));
        Assert.Equal(4, fixture.Log.Of(SignalNames.Events.MilestoneReached).Count());
        Assert.Single(fixture.Log.Of(SignalNames.Events.RunEnded));
    }

    private static WorkflowRunOptions Options(WhenLive whenLive) => new() { RunId = "job", Milestones = Milestone.Quarters, WhenLive = whenLive };

    private sealed record Worker(ProgressTracker Process, WorkflowRun Part, WorkflowStage Stage)
    {
        public long Done { get; private set; }

        public long Flushed { get; private set; }

        public void Work(int tasks)
        {
            Stage.CompleteTasks(tasks);
            Done += tasks;
        }

        public async Task FlushAsync()
        {
            Assert.True(await Process.FlushAsync());
            Flushed = Done;
        }
    }
}
