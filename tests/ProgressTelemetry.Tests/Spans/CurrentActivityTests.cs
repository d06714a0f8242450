using System.Diagnostics;
using System.Runtime.CompilerServices;
using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Spans;

public class CurrentActivityTests
{
    [Fact]
    public void StartAndEnd_OfRunsAndStages_LeaveTheCurrentActivity()
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        Assert.Same(spans.Parent, Activity.Current);
        var stage = run.StartStage("s", 1);
        Assert.Same(spans.Parent, Activity.Current);
        stage.CompleteTask();
        stage.Complete();
        Assert.Same(spans.Parent, Activity.Current);
        run.Complete();
        Assert.Same(spans.Parent, Activity.Current);
    }

    [Fact]
    public async Task RunAsyncAndStageAsync_InTheirBodies_MakeTheirSpanCurrent()
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture();
        await fixture.Tracker.RunAsync("w", async (run, token) =>
        {
            Assert.Same(run.Activity, Activity.Current);
            await run.StageAsync("s", async (stage, _) =>
            {
                Assert.Same(stage.Activity, Activity.Current);
                await Task.Yield();
                Assert.Same(stage.Activity, Activity.Current);
                using var inner = spans.Parent.Source.StartActivity("query");
                Assert.Equal(stage.Activity!.SpanId, inner!.ParentSpanId);
            }, cancellationToken: token);
            Assert.Same(run.Activity, Activity.Current);
        });

        Assert.Same(spans.Parent, Activity.Current);
        Assert.Equal(spans.One("run w").SpanId, spans.One("stage s").ParentSpanId);
    }

    [Fact]
    public async Task Complete_OnAnotherThread_EndsTheSpanAndLeavesThatThreadsActivity()
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        await Task.Run(() =>
        {
            using var own = spans.Parent.Source.StartActivity("other thread");
            run.Complete();
            Assert.Same(own, Activity.Current);
        });

        Assert.Equal("success", spans.One("run w").GetTagItem("workflow.run.result"));
    }

    [Fact]
    public void StartWorkflow_SideBySide_MakesSiblings()
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture();
        var first = fixture.Tracker.StartWorkflow("first");
        var second = fixture.Tracker.StartWorkflow("second");
        first.Complete();
        second.Complete();

        Assert.Equal(spans.Parent.SpanId, spans.One("run first").ParentSpanId);
        Assert.Equal(spans.Parent.SpanId, spans.One("run second").ParentSpanId);
        Assert.Same(spans.Parent, Activity.Current);
    }

    [Fact]
    public void StartWorkflow_Often_KeepsNoChainOfFormerActivities()
    {
        using var spans = new SpanRecorder();
        using var fixture = new TrackerFixture(o => o.EndedRunRetention = TimeSpan.Zero);
        var former = RunOnce(fixture);
        for (var i = 0; i < 3; i++)
        {
            RunOnce(fixture);
            fixture.Advance(1);
        }

        using var last = fixture.Tracker.StartWorkflow("last");
        Assert.Same(spans.Parent, last.Activity!.Parent);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        // The recorder keeps the activity of the run; its former current one must not be what holds it.
        Assert.True(former.TryGetTarget(out var activity));
        Assert.Same(spans.Parent, activity.Parent);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Activity> RunOnce(TrackerFixture fixture)
    {
        var run = fixture.Tracker.StartWorkflow("w");
        run.StartStage("s").Complete();
        run.Complete();
        return new WeakReference<Activity>(run.Activity!);
    }
}

[Collection(ProcessWideCollection.Name)]
public class NobodyTracesTests
{
    [Fact]
    public void StartWorkflow_WithoutAListener_HasNoActivity()
    {
        using var fixture = new TrackerFixture();
        using var run = fixture.Tracker.StartWorkflow("w");
        using var stage = run.StartStage("s");
        Assert.Null(run.Activity);
        Assert.Null(stage.Activity);
        Assert.Null(run.GetStatus().TraceId);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task RunAsync_WithoutAListener_KeepsTheCallersActivity()
    {
        using var fixture = new TrackerFixture();
        using var own = new Activity("caller").Start();
        await fixture.Tracker.RunAsync("w", (_, _) =>
        {
            Assert.Same(own, Activity.Current);
            return Task.CompletedTask;
        });
    }
}
