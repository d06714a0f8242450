using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Progress;

public class StallTests
{
    private static readonly Action<ProgressTrackingOptions> After30 = o => o.StallTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public void Silence_LongerThanTheTimeout_IsOneStallUntilProgress()
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(After30, listener);
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 100);
        fixture.Advance(30);
        Assert.Equal(WorkflowState.Running, run.GetStatus().State);
        fixture.Advance(300);
        Assert.Equal(WorkflowState.Stalled, run.GetStatus().State);
        Assert.Equal(WorkflowState.Stalled, run.GetStatus().Stages[0].State);
        Assert.Equal(TimeSpan.FromSeconds(30), run.GetStatus().StallThreshold);
        stage.CompleteTask();
        Assert.Equal(WorkflowState.Running, run.GetStatus().State);
        fixture.Advance(31);
        Assert.Equal(2, listener.Count("stalled"));
        Assert.Equal(1, listener.Count("resumed"));
        Assert.Equal(2, fixture.Sum("workflow.run.stalls", ("workflow.name", "w")));
    }

    [Fact]
    public void CountedTask_WithoutListeners_EndsAStallAtOnce()
    {
        using var fixture = new TrackerFixture(After30);
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 100_000);
        stage.CompleteTasks(2000);
        fixture.Advance(60);
        Assert.Single(fixture.Log.Of("workflow.run.stalled"));
        stage.CompleteTask();
        Assert.Single(fixture.Log.Of("workflow.run.resumed"));
    }

    [Fact]
    public void CountedTasks_WithoutListeners_AreProgress()
    {
        using var fixture = new TrackerFixture(After30);
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 100_000);
        stage.CompleteTasks(2000);
        for (var i = 0; i < 20; i++)
        {
            fixture.Advance(20);
            stage.CompleteTask();
        }

        Assert.Empty(fixture.Log.Of("workflow.run.stalled"));
        Assert.Equal(fixture.Tracker.UtcNow, run.GetStatus().LastProgressAt);
    }

    [Fact]
    public void StallTimeout_OfTheRun_TakesPrecedence()
    {
        using var fixture = new TrackerFixture(After30);
        var run = fixture.Tracker.StartWorkflow("w", new() { StallTimeout = TimeSpan.FromSeconds(5) });
        fixture.Advance(6);
        Assert.Equal(WorkflowState.Stalled, run.GetStatus().State);
    }

    [Fact]
    public void Heartbeats_AreNoProgress()
    {
        using var fixture = new TrackerFixture(After30);
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 10);
        stage.UpdateTask("a", WorkflowTaskState.Running, .1);
        for (var i = 0; i < 31; i++)
        {
            fixture.Advance(1);
            stage.UpdateTask("a", WorkflowTaskState.Running, .1);
            stage.CompleteTasks(0);
            stage.ExpectTasks(10);
        }

        Assert.Equal(WorkflowState.Stalled, run.GetStatus().State);
    }

    [Fact]
    public void Wait_IsNeitherProgressNorAStall()
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(After30, listener);
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 10);
        fixture.Advance(20);
        var wait = stage.Wait("approval");
        Assert.Equal("approval", wait.Reason);
        fixture.Advance(1000);
        Assert.Equal(WorkflowState.Waiting, run.GetStatus().State);
        Assert.Equal(WorkflowState.Waiting, run.GetStatus().Stages[0].State);
        Assert.Equal(run.GetStatus().StartedAt, run.GetStatus().LastProgressAt);
        Assert.Equal(0, listener.Count("stalled"));
        wait.Dispose();
        wait.Dispose();

        // Silence is measured from here, for the alert on the published moment too.
        Assert.Equal(run.GetStatus().AsOf, run.GetStatus().LastProgressAt);
        fixture.Advance(30);
        Assert.Equal(WorkflowState.Running, run.GetStatus().State);
        fixture.Advance(2);
        Assert.Equal(WorkflowState.Stalled, run.GetStatus().State);
        Assert.Equal(1, listener.Count("stalled"));
        Assert.Equal(TimeSpan.FromSeconds(1000), run.GetStatus().Performance.WaitTime);
        Assert.Equal(1000, fixture.Sum("workflow.stage.wait_time", ("workflow.stage.name", "s")), 6);
    }

    [Fact]
    public void Wait_InsideATimedTask_IsNoStall()
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(After30, listener);
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 10);
        using var task = stage.StartTask();
        using (stage.Wait("rate limit"))
        {
            fixture.Advance(1000);
            Assert.Equal(WorkflowState.Waiting, run.GetStatus().State);
        }

        Assert.Equal(0, listener.Count("stalled"));
    }

    [Fact]
    public void Wait_OfOneTaskOfTwo_LeavesTheOthersSilenceAStall()
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(After30, listener);
        var stage = fixture.Tracker.StartWorkflow("w").StartStage("s", 10);
        stage.StartTask();
        stage.StartTask();
        using (stage.Wait("rate limit"))
        {
            fixture.Advance(1000);
        }

        Assert.Equal(1, listener.Count("stalled"));
    }

    [Fact]
    public void Wait_OfAStalledRun_EndsTheStall()
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(After30, listener);
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 10);
        fixture.Advance(40);
        using (stage.Wait("approval"))
        {
            Assert.Equal(1, listener.Count("resumed"));
            Assert.Equal(WorkflowState.Waiting, run.GetStatus().State);
        }

        Assert.Equal(WorkflowState.Running, run.GetStatus().State);
    }

    [Fact]
    public void Wait_BesideAWorkingStage_LeavesTheRunRunning()
    {
        using var fixture = new TrackerFixture(After30);
        var run = fixture.Tracker.StartWorkflow("w");
        using var wait = run.StartStage("waits").Wait("quota");
        Assert.Equal(WorkflowState.Waiting, run.GetStatus().State);
        run.StartStage("works");
        Assert.Equal(WorkflowState.Running, run.GetStatus().State);
    }

    [Fact]
    public void Wait_OpenAtTheStagesEnd_EndsWithIt()
    {
        using var fixture = new TrackerFixture(After30);
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        var wait = stage.Wait("quota");
        fixture.Advance(10);
        stage.Complete();
        fixture.Advance(10);
        wait.Dispose();
        Assert.Equal(TimeSpan.FromSeconds(10), run.GetStatus().Performance.WaitTime);
        Assert.Equal(0, fixture.Errors("late_update"));
    }

    [Fact]
    public void Deadline_Passed_IsMissedOnce()
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(null, listener);
        using var run = fixture.Tracker.StartWorkflow("w", new() { Deadline = fixture.Tracker.UtcNow.AddSeconds(10) });
        fixture.Advance(10);
        Assert.Equal(0, listener.Count("deadline missed"));
        fixture.Advance(100);
        Assert.Equal(1, listener.Count("deadline missed"));
    }
}
