using ProgressTelemetry.Storage;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>Processes that follow only the runs that they work on: for them, what the store holds of others costs nothing, and what they do is as right as if they knew all.</summary>
public sealed class FollowedRunsTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Read_OfAWorker_IsOfItsOwnRunsOnly()
    {
        var all = await _fixture.StartProcessAsync();
        all.StartWorkflow("import", Options("other")).StartStage("load", 10).CompleteTasks(3);
        await all.FlushAsync();
        _fixture.Store.Queries.Clear();

        var worker = await _fixture.StartWorkerAsync();
        Assert.Empty(_fixture.Store.Queries);
        worker.StartWorkflow("import", Options("own")).StartStage("load", 10).CompleteTasks(4);
        await StoreFixture.SyncAsync(worker);
        Assert.All(_fixture.Store.Queries, query => Assert.Equal(["own"], query.RunIds!));
        Assert.Equal("own", Assert.Single(worker.GetActive()).RunId);
        Assert.Null(worker.GetStatus("other"));

        // Who follows all has both.
        await StoreFixture.SyncAsync(all);
        Assert.Equal(["other", "own"], all.GetActive().Select(status => status.RunId).Order(StringComparer.Ordinal));
        Assert.Equal(4, all.GetStatus("own")!.CompletedTasks);
    }

    [Fact]
    public async Task Tick_OfAWorkerWithRunsOfItsOwn_AsksNowAndThenWhetherSomebodyJoined()
    {
        var (owner, worker) = (await _fixture.StartWorkerAsync(), await _fixture.StartProcessAsync());
        var run = owner.StartWorkflow("import", Options("job"));
        var load = run.StartStage("load", 1000);
        await StoreFixture.SyncAsync(owner, worker);
        _fixture.Store.Queries.Clear();
        for (var second = 1; second <= 30; second++)
        {
            await TickAsync(second);
        }

        Assert.InRange(_fixture.Store.Queries.Count(query => query.RunIds is not null), 5, 7);

        // Somebody joins: known within five seconds, and then each second.
        worker.StartWorkflow("import", new WorkflowRunOptions { RunId = "job", WhenLive = WhenLive.Join }).StartStage("load").CompleteTasks(100);
        Assert.True(await worker.FlushAsync());
        for (var second = 31; second <= 36; second++)
        {
            await TickAsync(second);
        }

        Assert.Equal(136, run.GetStatus().CompletedTasks);
        _fixture.Store.Queries.Clear();
        for (var second = 37; second <= 46; second++)
        {
            await TickAsync(second);
        }

        Assert.InRange(_fixture.Store.Queries.Count(query => query.RunIds is not null), 9, 11);

        // A turn of the timer: it is over when what was done is kept.
        async Task TickAsync(int done)
        {
            load.CompleteTask();
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            await Eventually.TrueAsync(async () => (await _fixture.ReadAllAsync()).Any(share => share.Stages.Any(stage => stage.DoneTasks == done)));
        }
    }

    [Fact]
    public async Task GetStatusAsync_OfARunElsewhere_FollowsItForAMinute()
    {
        var (owner, worker) = (await _fixture.StartProcessAsync(), await _fixture.StartWorkerAsync());
        var load = owner.StartWorkflow("import", Options("job")).StartStage("load", 100);
        load.CompleteTasks(10);
        await owner.FlushAsync();
        Assert.Null(await worker.GetStatusAsync("nobody's"));
        Assert.Equal((10, WorkflowState.Running), ((await worker.GetStatusAsync("job"))!.CompletedTasks, worker.GetStatus("job")!.State));

        for (var second = 0; second < 45; second++)
        {
            load.CompleteTask();
            await _fixture.PassAsync(1, owner, worker);
        }

        // Alive, and up to date: without being asked for again.
        Assert.Equal((55, WorkflowState.Running), (worker.GetStatus("job")!.CompletedTasks, worker.GetStatus("job")!.State));
        await _fixture.PassAsync(30, owner, worker);
        Assert.Null(worker.GetStatus("job"));
        Assert.Equal(55, (await worker.GetStatusAsync("job"))!.CompletedTasks);
    }

    [Fact]
    public async Task GetStatusAsync_OfOnesOwnRun_AsksNobody()
    {
        var worker = await _fixture.StartWorkerAsync();
        worker.StartWorkflow("import", Options("job"));
        _fixture.Store.Before = _ => throw new IOException("gone");
        Assert.Equal("job", (await worker.GetStatusAsync("job"))!.RunId);
        Assert.Equal(0, worker.GetStatus("job")!.CompletedTasks);
        Assert.Null(await worker.GetStatusAsync("another"));
        await Assert.ThrowsAsync<ArgumentNullException>(() => worker.GetStatusAsync(null!));
    }

    [Fact]
    public async Task Start_AfterALookUp_GoesOnWithWhatWasLeft()
    {
        var first = await _fixture.StartWorkerAsync();
        var run = first.StartWorkflow("import", Options("job"));
        run.StartStage("load", 100).CompleteTasks(40);
        await first.FlushAsync();
        var started = run.GetStatus().StartedAt;
        _fixture.Kill(first);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));

        var second = await _fixture.StartWorkerAsync();
        Assert.Equal(WorkflowState.Abandoned, (await second.GetStatusAsync("job"))!.State);
        var again = second.StartWorkflow("import", Options("job"));
        Assert.Equal((40, started), (again.GetStatus().CompletedTasks, again.GetStatus().StartedAt));
        again.StartStage("load").CompleteTasks(60);
        again.Complete();
        await StoreFixture.SyncAsync(second);
        var kept = await _fixture.ReadAllAsync();
        Assert.Equal([0L, 0L], kept.Select(share => share.Generation));
        Assert.Equal((100, WorkflowResult.Success), (JointRun.Of(kept).ToStatus(_fixture.Clock.GetUtcNow()).CompletedTasks, JointRun.Of(kept).Total.Result));
    }

    [Fact]
    public async Task Start_WithoutALookUp_HearsOfWhatWasLeftWithinATurn()
    {
        var first = await _fixture.StartWorkerAsync();
        first.StartWorkflow("import", Options("job")).StartStage("load", 100).CompleteTasks(40);
        await first.FlushAsync();
        _fixture.Kill(first);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));

        var second = await _fixture.StartWorkerAsync();
        var run = second.StartWorkflow("import", Options("job"));
        run.StartStage("load").CompleteTasks(5);
        await StoreFixture.SyncAsync(second);
        Assert.Equal((45, 100), (run.GetStatus().CompletedTasks, run.GetStatus().ExpectedTasks));
        Assert.All(await _fixture.ReadAllAsync(), share => Assert.Equal(0, share.Generation));
    }

    [Fact]
    public async Task Run_ThatStartsAndEndsBetweenTwoTurns_IsTheNextOfItsId()
    {
        var worker = await _fixture.StartWorkerAsync();
        worker.StartWorkflow("import", Options("job")).Complete();
        await worker.FlushAsync();
        var other = await _fixture.StartWorkerAsync();
        other.StartWorkflow("import", Options("job")).Fail("IOException");
        await other.FlushAsync();

        Assert.Equal([(0L, WorkflowResult.Success), (1L, WorkflowResult.Failure)], (await _fixture.ReadAllAsync()).OrderBy(share => share.Generation).Select(share => (share.Generation, share.Result!.Value)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_OfAnIdThatWasUsedLongAgo_IsTheNextOfItsId(bool isFollowingAll)
    {
        // A nightly job, of the same id each night.
        var process = await (isFollowingAll ? _fixture.StartProcessAsync() : _fixture.StartWorkerAsync());
        for (var night = 0; night < 3; night++)
        {
            var run = process.StartWorkflow("import", Options("nightly"));
            run.StartStage("load", 10).CompleteTasks(4);
            await _fixture.PassAsync(2, process);
            Assert.Equal((4, null), (run.GetStatus().CompletedTasks, run.GetStatus().Result));
            var page = await _fixture.StartProcessAsync();
            Assert.Equal((4, WorkflowState.Running), (page.GetStatus("nightly")!.CompletedTasks, page.GetStatus("nightly")!.State));
            _fixture.Kill(page);
            run.Fail("IOException");
            await _fixture.PassAsync(2, process);
            _fixture.Clock.Advance(TimeSpan.FromHours(24));
            await _fixture.PassAsync(2, process);
        }

        Assert.Equal([0L, 1L, 2L], (await _fixture.ReadAllAsync()).Select(share => share.Generation).Order());
    }

    [Fact]
    public async Task Join_AfterALookUp_IsAPartAndSeesTheWhole()
    {
        var (owner, worker) = (await _fixture.StartWorkerAsync(), await _fixture.StartWorkerAsync());
        var run = owner.StartWorkflow("import", Options("job"));
        run.StartStage("load", 100).CompleteTasks(10);
        await owner.FlushAsync();
        Assert.NotNull(await worker.GetStatusAsync("job"));
        var part = worker.StartWorkflow("import", new WorkflowRunOptions { RunId = "job", WhenLive = WhenLive.Join });
        Assert.False(part.IsOwner);
        part.StartStage("load").CompleteTasks(20);
        await StoreFixture.SyncAsync(owner, worker);
        Assert.Equal((30, 30), (run.GetStatus().CompletedTasks, part.GetStatus().CompletedTasks));

        part.Complete();
        run.Complete();
        await StoreFixture.SyncAsync(worker, owner);
        Assert.Equal((WorkflowResult.Success, 30), (run.GetStatus().Result, JointRun.Of(await _fixture.ReadAllAsync()).ToStatus(_fixture.Clock.GetUtcNow()).CompletedTasks));
    }

    [Fact]
    public async Task QuietRun_OfALiveProcess_IsSeldomPutAndNeverGone()
    {
        var (worker, page) = (await _fixture.StartWorkerAsync(), await _fixture.StartProcessAsync());
        worker.StartWorkflow("import", Options("job")).StartStage("load", 100).CompleteTasks(10);
        await StoreFixture.SyncAsync(worker, page);
        var first = Assert.Single(await _fixture.ReadAllAsync()).Sequence;
        for (var i = 0; i < 360; i++)
        {
            await _fixture.PassAsync(1, worker, page);
            _fixture.Clock.Advance(TimeSpan.FromSeconds(9));
            Assert.Null(page.GetStatus("job")!.Result);
            Assert.Equal(ParticipantState.Present, Assert.Single(page.GetStatus("job")!.Participants).State);
        }

        // Once in five minutes, after the first few.
        Assert.InRange(Assert.Single(await _fixture.ReadAllAsync()).Sequence - first, 10, 20);

        _fixture.Kill(worker);
        await _fixture.PassAsync(20, page);
        Assert.Null(page.GetStatus("job")!.Result);
        await _fixture.PassAsync(15, page);
        Assert.Equal(WorkflowState.Abandoned, page.GetStatus("job")!.State);
        Assert.Equal(ParticipantState.Gone, Assert.Single(page.GetStatus("job")!.Participants).State);
    }

    [Fact]
    public async Task Put_OfWhoDoesNothing_IsNoMoreOftenBecauseAnotherWorks()
    {
        var (owner, idle) = (await _fixture.StartProcessAsync(), await _fixture.StartProcessAsync());
        var load = owner.StartWorkflow("import", Options("job")).StartStage("load", 1000);
        await StoreFixture.SyncAsync(owner, idle);
        var part = idle.StartWorkflow("import", new WorkflowRunOptions { RunId = "job", WhenLive = WhenLive.Join });
        part.StartStage("load").CompleteTask();
        await _fixture.PassAsync(5, owner, idle);
        var before = await SequencesAsync();
        for (var second = 0; second < 30; second++)
        {
            load.CompleteTask();
            await _fixture.PassAsync(1, owner, idle);
        }

        var after = await SequencesAsync();
        Assert.Equal((30, 31), (after[owner] - before[owner], part.GetStatus().CompletedTasks));
        Assert.InRange(after[idle] - before[idle], 0, 1);

        // And what it does then is told at once.
        part.StartStage("load").CompleteTask();
        await _fixture.PassAsync(1, owner, idle);
        Assert.Equal(32, owner.GetStatus("job")!.CompletedTasks);

        async Task<Dictionary<ProgressTracker, long>> SequencesAsync() =>
            (await _fixture.ReadAllAsync()).ToDictionary(share => share.Participant == ((RunParticipation)part.Live.Participation!).Participant ? idle : owner, share => share.Sequence);
    }

    private static WorkflowRunOptions Options(string id) => new() { RunId = id };
}
