using ProgressTelemetry.Runtime;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>Whatever becomes of the store: the work goes on, what waits is bounded, it is counted, and it catches up.</summary>
public sealed class StoreTroubleTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Flush_StoreIsGoneForTenMinutes_CatchesUp()
    {
        using var metrics = _fixture.Measured();
        _fixture.Store.Before = _ => throw new IOException("gone");
        var run = metrics.Tracker.StartWorkflow("import", Options(1));
        var load = run.StartStage("load", 1000);
        for (var second = 0; second < 600; second++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            load.CompleteTask();
        }

        Assert.False(await metrics.Tracker.FlushAsync());
        Assert.True(metrics.Errors(TrackerErrors.StoreFailed) >= 1);
        Assert.Equal(600, run.GetStatus().CompletedTasks);

        // Less and less often: not six hundred times.
        Assert.InRange(_fixture.Store.Calls, 1, 60);

        _fixture.Store.Before = _ => Task.CompletedTask;
        Assert.True(await metrics.Tracker.FlushAsync());
        var other = await _fixture.StartProcessAsync();
        Assert.Equal(600, other.GetStatus("job-1")!.CompletedTasks);
    }

    [Fact]
    public async Task Tick_StoreNeverAnswers_WaitsForOneCallAndSaysSo()
    {
        using var metrics = _fixture.Measured();
        var never = new TaskCompletionSource();
        _fixture.Store.Before = _ => never.Task;
        var load = metrics.Tracker.StartWorkflow("import", Options(1)).StartStage("load", 1000);
        var flush = metrics.Tracker.FlushAsync();
        for (var second = 0; second < 60; second++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            load.CompleteTask();
        }

        Assert.Equal(1, _fixture.Store.Calls);
        Assert.True(metrics.Errors(TrackerErrors.StoreFailed) >= 1);

        // What comes after the time-out is no answer any more.
        never.SetResult();
        Assert.False(await flush);
        Assert.True(await metrics.Tracker.FlushAsync());
        Assert.Equal(60, (await _fixture.StartProcessAsync()).GetStatus("job-1")!.CompletedTasks);
    }

    [Fact]
    public async Task Tick_StoreTakesTwoSecondsACall_OthersSeeItLaterAndNobodyIsGone()
    {
        using var metrics = _fixture.Measured();
        var page = await _fixture.StartProcessAsync();
        var run = metrics.Tracker.StartWorkflow("import", Options(1));
        var load = run.StartStage("load", 1000);
        await StoreFixture.SyncAsync(metrics.Tracker, page);
        _fixture.Store.Before = token => Task.Delay(TimeSpan.FromSeconds(2), _fixture.Clock, token);
        var (latest, steps) = (0L, 0);

        // Time passes no faster than the pumps' threads can follow on a busy machine.
        await Eventually.TrueAsync(() =>
        {
            _fixture.Clock.Advance(TimeSpan.FromMilliseconds(50));
            if (++steps % 20 == 0)
            {
                load.CompleteTask();
                Assert.Equal(steps / 20, run.GetStatus().CompletedTasks);
            }

            var seen = page.GetStatus("job-1")!.CompletedTasks;
            Assert.True(seen >= latest);
            latest = seen;
            return steps == 1200;
        });

        // A turn of either is of some five calls.
        Assert.InRange(latest, 25, 60);
        Assert.Equal((WorkflowState.Running, ParticipantState.Present), (page.GetStatus("job-1")!.State, page.GetStatus("job-1")!.Participants[0].State));
        Assert.Equal(0, metrics.Errors(TrackerErrors.StoreFailed));
    }

    [Fact]
    public async Task Flush_StoreHonoursTheTimeout_GivesUpAfterTenSeconds()
    {
        using var metrics = _fixture.Measured();
        _fixture.Store.Before = token => Task.Delay(Timeout.Infinite, token);
        var flush = metrics.Tracker.FlushAsync();
        _fixture.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(flush.IsCompleted);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await flush);
    }

    [Fact]
    public async Task Ended_MoreRunsThanWaitForTheStore_DropsTheOldestAndCountsThem()
    {
        using var metrics = _fixture.Measured();
        _fixture.Store.Before = _ => throw new IOException("gone");
        for (var i = 0; i < 12_000; i++)
        {
            metrics.Tracker.StartWorkflow("import", Options(i)).Complete();
            if (i % 3000 == 0)
            {
                await metrics.Tracker.FlushAsync();
            }
        }

        await metrics.Tracker.FlushAsync();
        Assert.True(metrics.Errors(TrackerErrors.StoreFailed) >= 2000);
        _fixture.Store.Before = _ => Task.CompletedTask;
        Assert.True(await metrics.Tracker.FlushAsync());
        var kept = await _fixture.ReadAllAsync();
        Assert.Equal(10_000, kept.Count);
        Assert.Contains(kept, share => share.RunId == "job-11999");
        Assert.DoesNotContain(kept, share => share.RunId == "job-0");
    }

    [Fact]
    public async Task Read_ShareOutOfRange_IsPassedOverAndCounted()
    {
        using var metrics = _fixture.Measured();
        var good = RandomShare.Of(new ShareKey(1, 1, 1)) with { Result = null, EndedAt = null };
        await _fixture.Store.PutAsync([good with { RunId = "bad", RanSeconds = double.NaN }, good with { RunId = "good" }, good with { RunId = "worse", Stages = null! }], default);
        Assert.True(await metrics.Tracker.FlushAsync());
        Assert.Null(metrics.Tracker.GetStatus("bad"));
        Assert.Null(metrics.Tracker.GetStatus("worse"));
        Assert.NotNull(metrics.Tracker.GetStatus("good"));
        Assert.Equal(2, metrics.Errors(TrackerErrors.StoreFailed));
    }

    [Fact]
    public async Task GetStatus_OfAnotherProcess_IsAbandonedWhenItIsSilentAndTakenBackWhenItReturns()
    {
        var worker = await _fixture.StartProcessAsync();
        var page = await _fixture.StartProcessAsync();
        var load = worker.StartWorkflow("import", Options(1)).StartStage("load", 10);
        load.CompleteTasks(4);
        await worker.FlushAsync();
        await page.FlushAsync();
        Assert.Equal((WorkflowState.Running, 4, .4), (page.GetStatus("job-1")!.State, page.GetStatus("job-1")!.CompletedTasks, page.GetStatus("job-1")!.CompletionRatio));
        Assert.Equal("job-1", Assert.Single(page.GetActive()).RunId);

        // As long as it is there it says so, though nothing moves.
        for (var i = 0; i < 6; i++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(10));
            await worker.FlushAsync();
            await page.FlushAsync();
            Assert.Null(page.GetStatus("job-1")!.Result);
        }

        // The store says that it can't be reached: to the others that is the same as if the process were gone.
        _fixture.Store.Before = _ => throw new IOException("gone");
        _fixture.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(WorkflowState.Abandoned, page.GetStatus("job-1")!.State);
        Assert.Empty(page.GetActive());

        _fixture.Store.Before = _ => Task.CompletedTask;
        load.CompleteTask();
        await worker.FlushAsync();
        await page.FlushAsync();
        Assert.Equal((WorkflowState.Running, 5), (page.GetStatus("job-1")!.State, page.GetStatus("job-1")!.CompletedTasks));
    }

    [Fact]
    public async Task Put_UnchangedRun_IsPutAgainAfterAMinuteThenLessOften()
    {
        var tracker = await _fixture.StartProcessAsync();
        tracker.StartWorkflow("import", Options(1));
        await tracker.FlushAsync();
        var first = Assert.Single(await _fixture.ReadAllAsync()).Sequence;
        var puts = new List<int>();
        for (var (second, last) = (1, first); second <= 1200; second++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            await tracker.FlushAsync();
            if (Assert.Single(await _fixture.ReadAllAsync()).Sequence is var now && now > last)
            {
                puts.Add(second);
                last = now;
            }
        }

        Assert.Equal([60, 120, 240, 480, 780, 1080], puts);
    }

    [Fact]
    public async Task Prune_EndedAndSilentRuns_AreForgotten()
    {
        var tracker = await _fixture.StartProcessAsync();
        tracker.StartWorkflow("import", Options(1)).Complete();
        tracker.StartWorkflow("import", Options(2));
        await tracker.FlushAsync();
        _fixture.Kill(tracker);
        _fixture.Clock.Advance(TimeSpan.FromDays(1));
        await _fixture.StartProcessAsync();
        Assert.Equal(2, (await _fixture.ReadAllAsync()).Count);
        _fixture.Clock.Advance(TimeSpan.FromDays(7));
        await _fixture.StartProcessAsync();
        Assert.Empty(await _fixture.ReadAllAsync());
    }

    private static WorkflowRunOptions Options(int number) => new() { RunId = $"job-{number}" };
}
