using System.Globalization;
using ProgressTelemetry.Signals;
using Xunit;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>
/// Processes join, work, leave, are killed, are cut off from the store and come back, take the run over and go on with it, in random order: each sees what all did, nothing runs backwards, one publishes, and nothing is told twice.
/// </summary>
public sealed class RandomScheduleTests : IDisposable
{
    private const int Tasks = 4000, Steps = 200;

    private readonly StoreFixture _fixture = new();
    private readonly List<Worker> _workers = [];
    private readonly List<string> _steps = [];
    private long _kept;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 24)];

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Schedule_AnyOrder_AllSeeTheSame(int seed)
    {
        var random = new Random(seed);
        await StartAsync(WhenLive.Throw);
        for (var step = 0; step < Steps; step++)
        {
            await StepAsync(random);
            foreach (var worker in _workers)
            {
                worker.Look(Context);
            }
        }

        await EndAsync();
    }

    private async Task StepAsync(Random random)
    {
        var worker = _workers.Count > 0 ? _workers[random.Next(_workers.Count)] : null;
        switch (random.Next(20))
        {
            case 0 or 1 when _workers.Count < 5:
                await StartAsync(_workers.Count == 0 ? WhenLive.Throw : WhenLive.Join);
                break;
            case 2 when worker is not null:
                // What it did since its last flush is lost.
                Note("kill", worker);
                _fixture.Kill(worker.Process);
                _workers.Remove(worker);
                _kept += worker.Flushed;
                break;
            case 3 when worker is { Run.IsOwner: false, IsCutOff: false }:
                Note("leave", worker);
                worker.Run.Complete();
                await worker.FlushAsync();
                _fixture.Kill(worker.Process);
                _workers.Remove(worker);
                _kept += worker.Done;
                break;
            case 4 when worker is { IsCutOff: false }:
                Note("take over", worker);
                worker.TakeOver();
                break;
            case 5 when worker is not null:
                Note(worker.IsCutOff ? "come back" : "cut off", worker);
                worker.IsCutOff = !worker.IsCutOff;
                break;
            case 6 or 7:
                await PassAsync(random.Next(12, 45));
                break;
            case < 14 when worker is not null:
                Note("work", worker);
                worker.Work(random.Next(1, 20));
                break;
            default:
                if (worker is { IsCutOff: false })
                {
                    Note("flush", worker);
                    await worker.FlushAsync();
                }

                break;
        }
    }

    // A new process takes part in the run; the first one, or the next after all have gone, owns it.
    private async Task StartAsync(WhenLive whenLive)
    {
        var store = new ScriptedStore(_fixture.Store);
        var process = await _fixture.StartProcessAsync(store);
        var run = process.StartWorkflow("import", new WorkflowRunOptions { RunId = "job", Milestones = Milestone.Quarters, WhenLive = whenLive });
        var worker = new Worker(process, store, run);
        _workers.Add(worker);
        Note("start", worker);
        await worker.FlushAsync();
    }

    // Each that can reach the store takes its turns; of those, one publishes the run's series, whoever had them before.
    private async Task PassAsync(int seconds)
    {
        _steps.Add(string.Create(CultureInfo.InvariantCulture, $"pass {seconds} s"));
        Worker[] connected = [.. _workers.Where(worker => !worker.IsCutOff)];
        for (var second = 0; second < seconds; second++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            foreach (var worker in connected)
            {
                await worker.FlushAsync();
            }
        }

        // The turns that the others' timers began are over too: what comes next is the schedule's alone.
        foreach (var worker in _workers.Where(worker => worker.IsCutOff))
        {
            Assert.False(await worker.Process.FlushAsync());
        }

        if (connected.Length > 0)
        {
            Assert.True(connected.Count(worker => worker.Run.Live.IsPublished) == 1, $"{connected.Count(worker => worker.Run.Live.IsPublished)} publish. {Context()}");
        }
    }

    // All come back, and one ends the run: all that was kept is counted once, and told once.
    private async Task EndAsync()
    {
        if (_workers.Count == 0)
        {
            await StartAsync(WhenLive.Throw);
        }

        _workers.ForEach(worker => worker.IsCutOff = false);
        for (var round = 0; round < 2; round++)
        {
            foreach (var worker in _workers)
            {
                await worker.FlushAsync();
            }
        }

        var done = _kept + _workers.Sum(worker => worker.Done);
        Assert.All(_workers, worker => Assert.True((done, Tasks) == (worker.Run.GetStatus().CompletedTasks, worker.Run.GetStatus().ExpectedTasks), $"{worker.Run.GetStatus().CompletedTasks} of {done}, {worker.Run.GetStatus().ExpectedTasks} expected. {Context()}"));
        Assert.Equal(done, (await _fixture.StartProcessAsync()).GetStatus("job")!.CompletedTasks);
        var owner = _workers[^1];
        owner.TakeOver();
        owner.Run.Complete();
        for (var round = 0; round < 2; round++)
        {
            foreach (var worker in _workers)
            {
                await worker.FlushAsync();
            }
        }

        Assert.All(_workers, worker => Assert.Equal(WorkflowResult.Success, worker.Run.GetStatus().Result));
        Assert.True(_fixture.Log.Of(SignalNames.Events.MilestoneReached).Count() == 4, $"{_fixture.Log.Of(SignalNames.Events.MilestoneReached).Count()} milestones. {Context()}");
        Assert.Single(_fixture.Log.Of(SignalNames.Events.RunEnded));
        Assert.Single(await _fixture.ReadAllAsync(), share => share.Result is not null);
    }

    private void Note(string what, Worker worker) => _steps.Add($"{what} {worker.Name}");

    private string Context() => string.Join(", ", _steps);

    private sealed class Worker(ProgressTracker process, ScriptedStore store, WorkflowRun run)
    {
        private static int s_number;
        private WorkflowStage _stage = run.StartStage("load", Tasks);
        private bool _isCutOff;
        private long _seen;

        public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"p{Interlocked.Increment(ref s_number)}");

        public ProgressTracker Process => process;

        public WorkflowRun Run { get; private set; } = run;

        public long Done { get; private set; }

        public long Flushed { get; private set; }

        public bool IsCutOff
        {
            get => _isCutOff;
            set
            {
                _isCutOff = value;
                store.Before = _ => value ? throw new IOException("cut off") : Task.CompletedTask;
            }
        }

        public void Work(int tasks)
        {
            _stage.CompleteTasks(tasks);
            Done += tasks;
        }

        // What the handles of before do is of no account any more; the number is of the tasks that are left.
        public void TakeOver()
        {
            Run = process.StartWorkflow("import", new WorkflowRunOptions { RunId = "job", WhenLive = WhenLive.TakeOver });
            _stage = Run.StartStage("load", Tasks - Run.GetStatus().CompletedTasks);
        }

        public async Task FlushAsync()
        {
            Assert.True(await process.FlushAsync());
            Flushed = Done;
        }

        public void Look(Func<string> context)
        {
            var status = Run.GetStatus();
            Assert.True(status.CompletedTasks >= _seen && status.Result is null, $"{Name} sees {status.CompletedTasks} after {_seen}, {status.Result}. {context()}");
            _seen = status.CompletedTasks;
        }
    }
}
