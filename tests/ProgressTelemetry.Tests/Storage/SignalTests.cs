using ProgressTelemetry.Runtime;
using ProgressTelemetry.TestSupport;
using ProgressTelemetry.Tests.Support;
using Xunit;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>Where the store can wake processes, those that work at one run hear of each other without waiting for their next turn; nobody else is woken.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly SignallingStore _store;
    private readonly List<TrackerFixture> _processes = [];

    public SignalTests() => _store = new SignallingStore(new InMemoryRunStore(_clock));

    public void Dispose() => _processes.ForEach(process => process.Dispose());

    [Fact]
    public async Task Put_OfASharedRun_IsHeardAtOnce()
    {
        var (run, load, owner, worker) = await ShareAsync();
        load.CompleteTasks(7);
        Assert.True(await owner.FlushAsync());

        // The clock stands still: no turn of the worker's is due.
        await Eventually.TrueAsync(() => worker.GetStatus("job")!.CompletedTasks == 7);
        Assert.Equal(7, run.GetStatus().CompletedTasks);
        Assert.NotEmpty(_store.Signals);
        Assert.All(_store.Signals, runIds => Assert.Equal(["job"], runIds));
    }

    [Fact]
    public async Task Put_OfSignalsAgainAndAgain_IsReadTenTimesASecondAtMost()
    {
        var (_, load, owner, worker) = await ShareAsync();
        load.CompleteTask();
        await owner.FlushAsync();
        await Eventually.TrueAsync(() => worker.GetStatus("job")!.CompletedTasks == 1);
        load.CompleteTask();
        await owner.FlushAsync();

        // It rests, and then it hears of the second one: nothing is lost meanwhile.
        _clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(1, worker.GetStatus("job")!.CompletedTasks);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.TrueAsync(() => worker.GetStatus("job")!.CompletedTasks == 2);
    }

    [Fact]
    public async Task Put_OfRunsThatNobodyShares_WakesNobody()
    {
        var (owner, _) = (await StartAsync(), await StartAsync());
        var load = owner.StartWorkflow("import", new WorkflowRunOptions { RunId = "job" }).StartStage("load", 100);
        for (var i = 0; i < 5; i++)
        {
            load.CompleteTask();
            Assert.True(await owner.FlushAsync());
        }

        Assert.Empty(_store.Signals);
    }

    [Fact]
    public async Task Listen_ThatFails_IsCountedAndTriedAgain()
    {
        _store.Fault = new IOException("no notifications here");
        var tracker = await StartAsync(isListening: false);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => _processes[0].Errors(TrackerErrors.StoreFailed) == 1);
        Assert.Equal(0, _store.Listeners);
        await Eventually.TrueAsync(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            return _store.Listeners == 1;
        });
        Assert.True(await tracker.FlushAsync());
    }

    [Fact]
    public async Task Dispose_EndsTheListening()
    {
        await StartAsync();
        Assert.Equal(1, _store.Listeners);
        _processes[0].Dispose();
        await Eventually.TrueAsync(() => _store.Listeners == 0);
    }

    private async Task<(WorkflowRun Run, WorkflowStage Load, ProgressTracker Owner, ProgressTracker Worker)> ShareAsync()
    {
        // Who has just been woken rests for a moment: until all is ready, nobody is.
        _store.IsMute = true;
        var (owner, worker) = (await StartAsync(), await StartAsync());
        var run = owner.StartWorkflow("import", new WorkflowRunOptions { RunId = "job" });
        var load = run.StartStage("load", 100);
        await StoreFixture.SyncAsync(owner, worker);
        worker.StartWorkflow("import", new WorkflowRunOptions { RunId = "job", WhenLive = WhenLive.Join });
        await StoreFixture.SyncAsync(worker, owner);
        _store.Signals.Clear();
        _store.IsMute = false;
        return (run, load, owner, worker);
    }

    private async Task<ProgressTracker> StartAsync(bool isListening = true)
    {
        var process = new TrackerFixture(_store, _clock);
        _processes.Add(process);
        await process.Tracker.FlushAsync();
        if (isListening)
        {
            var before = _store.Listeners;
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Eventually.TrueAsync(() => _store.Listeners == before + 1);
        }

        return process.Tracker;
    }
}
