using ProgressTelemetry.Signals;
using ProgressTelemetry.Tests.Support;
using Xunit;

namespace ProgressTelemetry.Tests.Storage;

/// <summary>A run outlives its process: whoever starts its id again goes on with it.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task StartWorkflow_AfterKill_GoesOnWithCountsStagesMilestonesAndStart()
    {
        var first = await _fixture.StartProcessAsync();
        var run = first.StartWorkflow("import", Planned());
        var started = run.GetStatus().StartedAt;
        var scan = run.StartStage("scan", 10);
        scan.CompleteTasks(10);
        scan.RecordItems("file", 7);
        scan.Complete();
        Work(run.StartStage("load", 1000), 400);
        await first.FlushAsync();
        var before = first.GetStatus("job-1")!;
        _fixture.Kill(first);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));

        var second = await _fixture.StartProcessAsync();
        var resumed = second.StartWorkflow("import", Planned());

        var status = resumed.GetStatus();
        Assert.Equal(started, status.StartedAt);
        Assert.Equal(410, status.CompletedTasks);
        Assert.Equal(1010, status.ExpectedTasks);
        Assert.Equal(["scan", "load"], status.Stages.Select(stage => stage.Name));
        Assert.Equal(WorkflowResult.Success, status.Stages[0].Result);
        Assert.Equal(7, status.Stages[0].Items["file"]);
        Assert.Equal(before.Milestones, status.Milestones);
        Assert.Equal("25 %", status.CurrentMilestone);
        Assert.Equal(before.Elapsed + TimeSpan.FromMinutes(5), status.Elapsed);
        Assert.Equal(before.Stages[1].WallTime, status.Stages[1].WallTime);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(600)]
    [InlineData(null)]
    public async Task StartStage_OfResumedRun_TellsAllTasksOrThoseThatAreLeft_ExpectsTheSame(int? expected)
    {
        var first = await _fixture.StartProcessAsync();
        Work(first.StartWorkflow("import", Options()).StartStage("load", 1000), 400);
        await first.FlushAsync();
        _fixture.Kill(first);

        var second = await _fixture.StartProcessAsync();
        var run = second.StartWorkflow("import", Options());
        var load = run.StartStage("load", expected);
        load.CompleteTasks(100);

        Assert.Equal(1000, run.GetStatus().ExpectedTasks);
        load.CompleteTasks(500);
        load.Complete();
        run.Complete();
        Assert.Equal((1000, 1000, 1.0), (run.GetStatus().CompletedTasks, run.GetStatus().ExpectedTasks, run.GetStatus().CompletionRatio));
    }

    [Fact]
    public async Task Estimate_OfResumedRun_IsWithinAFifthOfTheOneBefore()
    {
        var first = await _fixture.StartProcessAsync();
        Work(first.StartWorkflow("import", Options()).StartStage("load", 1000), 400);
        await first.FlushAsync();
        var before = first.GetStatus("job-1")!.Estimate!.Remaining;
        _fixture.Kill(first);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(30));

        var second = await _fixture.StartProcessAsync();
        var run = second.StartWorkflow("import", Options());
        var load = run.StartStage("load", 1000);
        Assert.InRange(run.GetStatus().Estimate!.Remaining / before, .8, 1.25);

        // And it goes on as if nothing had been between.
        Work(load, 200);
        Assert.InRange(run.GetStatus().Estimate!.Remaining.TotalSeconds, 30, 50);
    }

    [Fact]
    public async Task Kill_BetweenTwoFlushes_LosesNoMoreThanSinceTheLast()
    {
        var first = await _fixture.StartProcessAsync();
        var load = first.StartWorkflow("import", Options()).StartStage("load", 1000);
        load.CompleteTasks(300);
        await first.FlushAsync();
        load.CompleteTasks(50);
        _fixture.Kill(first);

        var second = await _fixture.StartProcessAsync();
        Assert.Equal(300, second.StartWorkflow("import", Options()).GetStatus().CompletedTasks);
    }

    [Fact]
    public async Task Milestones_OverRestarts_AreToldOnce()
    {
        var told = new List<string>();
        var done = 0;
        for (var process = 0; process < 5; process++)
        {
            var listener = new RecordingListener();
            var tracker = await _fixture.StartProcessAsync(listener);
            listener.Tracker = tracker;
            var run = tracker.StartWorkflow("import", Options());
            Assert.Equal(done, run.GetStatus().CompletedTasks);
            var load = run.StartStage("load", 1000);
            load.CompleteTasks(200);
            done += 200;
            if (process == 4)
            {
                run.Complete();
            }

            await tracker.FlushAsync();
            told.AddRange(listener.Heard.Where(heard => heard.Contains('%')));
            _fixture.Kill(tracker);
        }

        Assert.Equal(4, told.Count);
        Assert.Distinct(told);
        Assert.Equal(4, _fixture.Log.Of(SignalNames.Events.MilestoneReached).Count());
    }

    [Fact]
    public async Task Milestone_ReachedAndNotTold_IsToldByWhoeverGoesOn()
    {
        var first = await _fixture.StartProcessAsync();
        first.StartWorkflow("import", Options()).StartStage("load", 1000).CompleteTasks(300);
        _fixture.Store.BeforeClaim = () => throw new IOException("gone");
        await first.FlushAsync();
        _fixture.Kill(first);
        Assert.Empty(_fixture.Log.Of(SignalNames.Events.MilestoneReached));

        _fixture.Store.BeforeClaim = () => { };
        var second = await _fixture.StartProcessAsync();
        second.StartWorkflow("import", Options());
        await second.FlushAsync();
        Assert.Single(_fixture.Log.Of(SignalNames.Events.MilestoneReached));
    }

    [Fact]
    public async Task Counters_OfResumedRun_CountWhatThisProcessDid()
    {
        var first = await _fixture.StartProcessAsync();
        Work(first.StartWorkflow("import", Options()).StartStage("load", 1000), 400);
        await first.FlushAsync();
        _fixture.Kill(first);

        using var metrics = _fixture.Measured();
        await metrics.Tracker.FlushAsync();
        var load = metrics.Tracker.StartWorkflow("import", Options()).StartStage("load", 1000);
        load.CompleteTasks(100);
        Assert.Equal(100, metrics.Sum("workflow.stage.tasks"));
        Assert.Equal(0, metrics.Sum("workflow.stage.wall_time"), 3);
    }

    [Fact]
    public async Task StartWorkflow_IdThatEnded_IsANewRun()
    {
        var first = await _fixture.StartProcessAsync();
        var run = first.StartWorkflow("import", Options());
        run.StartStage("load", 10).CompleteTasks(5);
        await first.FlushAsync();
        run.Fail("boom");

        // At once, before the store has heard of the end, and in another process, after it.
        var again = first.StartWorkflow("import", Options());
        Assert.Equal(0, again.GetStatus().CompletedTasks);
        await first.FlushAsync();
        again.StartStage("load", 10).CompleteTasks(2);
        await first.FlushAsync();
        _fixture.Kill(first);

        var second = await _fixture.StartProcessAsync();
        Assert.Equal(2, second.StartWorkflow("import", Options()).GetStatus().CompletedTasks);
    }

    [Fact]
    public async Task StartWorkflow_SameIdOfAnotherWorkflow_IsANewRun()
    {
        var first = await _fixture.StartProcessAsync();
        first.StartWorkflow("import", Options()).StartStage("load", 10).CompleteTasks(5);
        await first.FlushAsync();
        _fixture.Kill(first);

        var second = await _fixture.StartProcessAsync();
        Assert.Equal(0, second.StartWorkflow("export", Options()).GetStatus().CompletedTasks);
    }

    [Fact]
    public async Task AbandonAll_WhenTheHostStops_LeavesRunsForWhoeverGoesOn()
    {
        var first = await _fixture.StartProcessAsync();
        first.StartWorkflow("import", Options()).StartStage("load", 1000).CompleteTasks(300);
        first.AbandonAll();
        await first.FlushAsync();
        _fixture.Kill(first);

        var second = await _fixture.StartProcessAsync();
        Assert.Equal(300, second.StartWorkflow("import", Options()).GetStatus().CompletedTasks);
    }

    [Fact]
    public async Task Dispose_WithoutResult_EndsTheRunForGood()
    {
        var first = await _fixture.StartProcessAsync();
        using (var run = first.StartWorkflow("import", Options()))
        {
            run.StartStage("load", 1000).CompleteTasks(300);
        }

        await first.FlushAsync();
        _fixture.Kill(first);

        var second = await _fixture.StartProcessAsync();
        Assert.Equal(WorkflowResult.Abandoned, second.GetStatus("job-1")!.Result);
        Assert.Equal(0, second.StartWorkflow("import", Options()).GetStatus().CompletedTasks);
    }

    [Fact]
    public async Task StartWorkflow_OfUnfinishedRun_KeepsTheDeadlineAndMilestonesThatAreNotSaidAnew()
    {
        var first = await _fixture.StartProcessAsync();
        var deadline = _fixture.Clock.GetUtcNow().AddHours(1);
        first.StartWorkflow("import", new WorkflowRunOptions { RunId = "job-1", Deadline = deadline, Milestones = [new("half", .5)] });
        await first.FlushAsync();
        _fixture.Kill(first);

        var second = await _fixture.StartProcessAsync();
        var status = second.StartWorkflow("import", new WorkflowRunOptions { RunId = "job-1" }).GetStatus();
        Assert.Equal(deadline, status.Deadline);
        Assert.Equal("half", Assert.Single(status.Milestones).Name);
    }

    [Fact]
    public async Task Span_OfResumedRun_StartsNowAndLinksToTheOneBefore()
    {
        using var spans = new SpanRecorder();
        var first = await _fixture.StartProcessAsync();
        var before = first.StartWorkflow("import", Options());
        await first.FlushAsync();
        _fixture.Kill(first);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(1));

        var second = await _fixture.StartProcessAsync();
        var resumed = second.StartWorkflow("import", Options());
        var link = Assert.Single(resumed.Activity!.Links).Context;
        Assert.Equal((before.Activity!.TraceId, before.Activity.SpanId, true), (link.TraceId, link.SpanId, link.IsRemote));
        Assert.Equal(_fixture.Clock.GetUtcNow().UtcDateTime, resumed.Activity.StartTimeUtc);
    }

    private static WorkflowRunOptions Options() => new() { RunId = "job-1", Milestones = Milestone.Quarters };

    private static WorkflowRunOptions Planned() => new() { RunId = "job-1", Milestones = Milestone.Quarters, Stages = [new("scan", 10), new("load", 1000)] };

    private void Work(WorkflowStage stage, int tasks)
    {
        for (var i = 0; i < tasks; i++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(.1));
            stage.CompleteTask();
        }
    }
}
