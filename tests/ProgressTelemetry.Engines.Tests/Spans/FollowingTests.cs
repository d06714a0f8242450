using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using ProgressTelemetry.EnginesTests.Support;

namespace ProgressTelemetry.EnginesTests.Spans;

public class FollowingTests
{
    private static SpanRule[] RunsAndTasks(string source) =>
    [
        new(source, "run *", SpanRole.Run) { RunId = "{id}", Workflow = "{op*}" },
        new(source, "task *", SpanRole.Task) { RunId = "{id}", Stage = "{op*}" },
        new(source, "end", SpanRole.EndRun) { RunId = "{id}", EndAs = WorkflowResult.Failure },
    ];

    private static SpanRule[] ByParent(string source) =>
    [
        new(source, "run *", SpanRole.Run) { Workflow = "{op*}" },
        new(source, "task *", SpanRole.Task) { Stage = "{op*}" },
    ];

    [Fact]
    public void Spans_OfARun_AreItsStagesAndTasksAsTheyHappen()
    {
        using var following = new Following(RunsAndTasks);
        var run = following.Start("run import", tags: ("id", "r1"));
        var task = following.Start("task load", tags: ("id", "r1"));

        var live = following.Status("r1");
        Assert.Equal(("import", WorkflowState.Running), (live.Workflow, live.State));
        Assert.Equal(("load", 1), (Assert.Single(live.Stages).Name, live.Stages[0].RunningTasks));

        task.Stop();
        following.Start("task load", tags: ("id", "r1")).Stop();
        following.Start("task check", tags: ("id", "r1")).Stop();
        Assert.Equal(["check"], following.Status("r1").CurrentStages);

        run.Stop();
        var ended = following.Status("r1");
        Assert.Equal(WorkflowResult.Success, ended.Result);
        Assert.Equal([("load", 2L, WorkflowState.Succeeded), ("check", 1L, WorkflowState.Succeeded)], ended.Stages.Select(stage => (stage.Name, stage.CompletedTasks, stage.State)));
        Assert.Null(ended.TraceId);
    }

    [Fact]
    public void Times_OfARun_AreTheSpansOwn()
    {
        using var following = new Following(RunsAndTasks);
        var start = following.Tracker.UtcNow.UtcDateTime.AddSeconds(-30);
        var run = following.Start("run import", tags: ("id", "r1")).SetStartTime(start);
        var late = following.Source.CreateActivity("run import", ActivityKind.Internal, default(ActivityContext))!.SetStartTime(start).SetTag("id", "r2").Start();
        var task = following.Source.CreateActivity("task load", ActivityKind.Internal, default(ActivityContext))!.SetStartTime(start.AddSeconds(5)).SetTag("id", "r2").Start();
        task.SetEndTime(start.AddSeconds(15)).Stop();
        late.SetEndTime(start.AddSeconds(20)).Stop();
        run.Stop();

        var ended = following.Status("r2");
        Assert.Equal(20, ended.Elapsed.TotalSeconds, 0.5);
        Assert.Equal(10, ended.Stages[0].AverageTaskDuration!.Value.TotalSeconds, 0.5);
    }

    [Fact]
    public void StartWithoutItsTags_OnceTheyAreThere_IsLiveWithinATick()
    {
        var clock = new FakeTimeProvider();
        using var following = new Following(RunsAndTasks, spanTime: clock);
        var run = following.Start("run import");
        var task = following.Start("task load");
        clock.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Empty(following.Tracker.GetActive());

        task.SetTag("id", "r1");
        run.SetTag("id", "r1");
        clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(1, following.Status("r1").Stages.Single().RunningTasks);
        task.Stop();
        run.Stop();
        Assert.Equal(WorkflowResult.Success, following.Status("r1").Result);
    }

    [Fact]
    public void StartWithoutItsTags_AtTheNextStart_IsTriedFirst()
    {
        using var following = new Following(RunsAndTasks, spanTime: new FakeTimeProvider());
        following.Start("run import").SetTag("id", "r1");

        following.Start("task load", tags: ("id", "r1"));

        Assert.Equal(1, following.Status("r1").Stages.Single().RunningTasks);
    }

    [Fact]
    public void TaskThatIsKnownAtItsStop_Counts()
    {
        using var following = new Following(RunsAndTasks, spanTime: new FakeTimeProvider());
        var run = following.Start("run import", tags: ("id", "r1"));
        var task = following.Start("task load");
        task.SetTag("id", "r1").Stop();

        Assert.Equal(1, following.Status("r1").CompletedTasks);
        run.Stop();
    }

    [Fact]
    public void TaskOfNoKnownRun_IsNoRunsTask()
    {
        using var following = new Following(RunsAndTasks);
        following.Start("task load", tags: ("id", "nobody's")).Stop();

        Assert.Null(following.Tracker.GetStatus("nobody's"));
        Assert.Empty(following.Tracker.GetActive());
    }

    [Fact]
    public void Starts_ReplayedTenTimes_AreOneRun()
    {
        using var following = new Following(RunsAndTasks, spanTime: new FakeTimeProvider());
        for (var replay = 0; replay < 10; replay++)
        {
            following.Start("run import").SetTag("id", "r1");
        }

        var last = following.Start("run import").SetTag("id", "r1");
        last.Stop();

        Assert.Equal(["run import started", "run import ended Success"], following.Heard.All);
    }

    [Fact]
    public void ReplayedStart_HeardOfAfterItsRunsEnd_StartsNoRun()
    {
        var clock = new FakeTimeProvider();
        using var following = new Following(RunsAndTasks, spanTime: clock);
        var orphan = following.Start("run import");
        following.Start("run import", tags: ("id", "r1")).Stop();

        orphan.SetTag("id", "r1");
        clock.Advance(TimeSpan.FromMilliseconds(50));

        Assert.Equal(["run import started", "run import ended Success"], following.Heard.All);
        Assert.Empty(following.Tracker.GetActive());
    }

    [Fact]
    public void RunOfTheSameId_StartedAfterTheOtherEnded_IsAnotherRun()
    {
        using var following = new Following(RunsAndTasks);
        following.Start("run import", tags: ("id", "r1")).Stop();
        var again = following.Source.CreateActivity("run import", ActivityKind.Internal, default(ActivityContext))!
            .SetStartTime(following.Tracker.UtcNow.UtcDateTime.AddMilliseconds(5)).SetTag("id", "r1").Start();

        Assert.Single(following.Tracker.GetActive());
        again.Stop();
        Assert.Equal(2, following.Heard.All.Count(heard => heard == "run import ended Success"));
    }

    [Fact]
    public void SpansThatNobodyHolds_AreNotHeld()
    {
        var clock = new FakeTimeProvider();
        using var following = new Following(RunsAndTasks, spanTime: clock);
        var span = StartOne(following);
        Activity.Current = null;

        for (var i = 0; i < 10 && IsThere(span); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(IsThere(span));
    }

    [Fact]
    public void FailedTask_AndTheNextOfItsStage_AreARevision()
    {
        using var following = new Following(RunsAndTasks);
        var run = following.Start("run import", tags: ("id", "r1"));
        following.Start("task load", tags: ("id", "r1")).SetStatus(ActivityStatusCode.Error).SetTag("error.type", "boom").Stop();
        following.Start("task load", tags: ("id", "r1")).Stop();
        following.Start("task check", tags: ("id", "r1")).SetStatus(ActivityStatusCode.Error).Stop();
        run.SetStatus(ActivityStatusCode.Error).SetTag("error.type", "bad input").Stop();

        var ended = following.Status("r1");
        Assert.Equal((WorkflowResult.Failure, "bad input"), (ended.Result, ended.ErrorType));
        Assert.Equal([("load", 1L, 1L, WorkflowResult.Success), ("check", 1L, 0L, WorkflowResult.Failure)], ended.Stages.Select(stage => (stage.Name, stage.FailedTasks, stage.Revisions, stage.Result!.Value)));
        Assert.Contains("revision load retry", following.Heard.All);
    }

    [Fact]
    public void EndSaidInsideATask_WaitsForThatTask()
    {
        using var following = new Following(RunsAndTasks);
        var run = following.Start("run import", tags: ("id", "r1"));
        var task = following.Start("task ship", tags: ("id", "r1"));
        using (following.Source.StartActivity("end")!.SetTag("id", "r1"))
        {
        }

        Assert.Null(following.Status("r1").Result);
        task.Stop();

        var ended = following.Status("r1");
        Assert.Equal((WorkflowResult.Failure, 1L), (ended.Result, ended.CompletedTasks));
        run.Stop();
        Assert.Equal(WorkflowResult.Failure, following.Status("r1").Result);
    }

    [Fact]
    public async Task EndSaidElsewhere_IsTheEndAtOnce()
    {
        using var following = new Following(RunsAndTasks);
        await Task.Run(() =>
        {
            following.Start("run import", tags: ("id", "r1"));
            following.Start("task ship", tags: ("id", "r1"));
        });
        following.Start("end", tags: ("id", "r1")).Stop();

        Assert.Equal(WorkflowResult.Failure, following.Status("r1").Result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TasksByParent_WhoeverElseListens_AreOfTheRunAround(bool isHeardByOthers)
    {
        using var following = new Following(ByParent);
        using var others = isHeardByOthers ? OthersListening(following.Source.Name) : null;
        using (var run = following.Source.StartActivity("run import")!)
        {
            using (following.Source.StartActivity("between"))
            using (following.Source.StartActivity("task load"))
            {
                Assert.Equal(isHeardByOthers ? "task load" : null, Activity.Current?.OperationName);
            }

            Assert.Equal([("load", 1L)], following.Tracker.GetActive().Single().Stages.Select(stage => (stage.Name, stage.CompletedTasks)));
        }

        Assert.Equal("run import ended Success", following.Heard.All[^1]);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task CodeInsideATask_FindsItsStage()
    {
        using var following = new Following(RunsAndTasks);
        var run = following.Start("run import", tags: ("id", "r1"));
        var task = following.Start("task load", tags: ("id", "r1"));
        await Task.Run(() => WorkflowStage.Current!.RecordItems("rows", 3));
        Assert.Equal(("load", "r1"), (WorkflowStage.Current!.Name, WorkflowRun.Current!.Id));

        task.Stop();
        run.Stop();
        Assert.Null(WorkflowRun.Current);
        Assert.Equal(3, following.Status("r1").Stages[0].Items["rows"]);
    }

    [Fact]
    public void RunInsideATask_IsItsChild()
    {
        using var following = new Following(RunsAndTasks);
        var outer = following.Start("run outer", tags: ("id", "r1"));
        var task = following.Start("task load", tags: ("id", "r1"));
        var inner = following.Source.StartActivity("run inner", ActivityKind.Internal, null, [KeyValuePair.Create<string, object?>("id", "r2")])!;

        Assert.Equal("r1", following.Status("r2").ParentRunId);
        inner.Stop();
        task.Stop();
        outer.Stop();
    }

    [Fact]
    public void RunInsideAStageOfTheUsers_IsItsChild()
    {
        using var following = new Following(RunsAndTasks);
        using var run = following.Tracker.StartWorkflow("mine", new WorkflowRunOptions { RunId = "mine" });
        using var stage = run.StartStage("call engine");
        using (stage.MakeCurrent())
        {
            following.Start("run import", tags: ("id", "r1"));
        }

        Assert.Equal("mine", following.Status("r1").ParentRunId);
    }

    [Fact]
    public void RunOfOneTask_AfterAnEarlierOne_IsEstimated()
    {
        var clock = new ManualTimeProvider();
        using var following = new Following(source => [new SpanRule(source, "job", SpanRole.Run) { RunId = "{id}", Workflow = "job", Stage = "job" }], clock);
        var first = following.Start("job", tags: ("id", "r1"));
        Assert.Equal((1L, 0d), (following.Status("r1").ExpectedTasks, following.Status("r1").CompletionRatio));
        clock.Advance(TimeSpan.FromSeconds(60));
        first.Stop();

        var second = following.Start("job", tags: ("id", "r2"));
        clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(40, (following.Status("r2").Estimate!.Expected - clock.GetUtcNow()).TotalSeconds, 5.0);
        second.Stop();
        Assert.Equal((WorkflowResult.Success, 1d), (following.Status("r2").Result, following.Status("r2").CompletionRatio));
    }

    [Fact]
    public void TaskInsideATaskOfItsStage_IsPartOfIt()
    {
        using var following = new Following(ByParent);
        using (following.Source.StartActivity("run import"))
        using (following.Source.StartActivity("task load"))
        using (following.Source.StartActivity("task load"))
        {
        }

        Assert.Equal(1, following.Heard.Ended.Single().CompletedTasks);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Activity> StartOne(Following following) => new(following.Start("run import"));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsThere(WeakReference<Activity> span) => span.TryGetTarget(out _);

    private static ActivityListener OthersListening(string name)
    {
        var listener = new ActivityListener { ShouldListenTo = source => source.Name == name, Sample = (ref _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
