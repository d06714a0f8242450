using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Input;

/// <summary>What comes after an end is ignored and counted, and a terminal result wins.</summary>
public class LateCallTests
{
    [Fact]
    public void Calls_AfterTheRunsEnd_AreLateAndChangeNothing()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 5 });
        var stage = run.StartStage("s");
        var task = stage.StartTask();
        stage.CompleteTask();
        run.Complete();
        var before = run.GetStatus();
        AssertLate(
            fixture,
            () => run.Complete(),
            () => run.Fail("x"),
            () => run.Fail(new InvalidOperationException()),
            () => run.Cancel(),
            () => run.ExpectTasks(100),
            () => run.UpdateTask("a", WorkflowTaskState.Completed),
            () => run.StartStage("t"),
            () => stage.CompleteTask(),
            () => stage.CompleteTasks(2),
            () => stage.FailTask(),
            () => stage.SkipTask(),
            () => stage.SkipTasks(2),
            () => stage.StartTask(),
            () => stage.StartTask("a"),
            () => stage.UpdateTask("a", WorkflowTaskState.Completed),
            () => stage.ExpectTasks(100),
            () => stage.RecordRevision(),
            () => stage.RecordItems("x"),
            () => stage.Wait("x").Dispose(),
            () => stage.AsProgress().Report(1),
            () => stage.Complete(),
            () => stage.Fail(),
            () => stage.Skip(),
            () => stage.Cancel(),
            () => task.Complete());
        Assert.Equivalent(before, run.GetStatus(), strict: true);
        Assert.Single(fixture.Log.Of("progress.tracker.ignored"));
    }

    [Fact]
    public void Calls_AfterTheStagesEnd_AreLate()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        stage.Fail("x");
        AssertLate(
            fixture,
            () => stage.CompleteTask(),
            () => stage.FailTask(),
            () => stage.SkipTask(),
            () => stage.StartTask(),
            () => stage.UpdateTask("a", WorkflowTaskState.Completed),
            () => stage.ExpectTasks(100),
            () => stage.RecordItems("x"),
            () => stage.Wait("x").Dispose(),
            () => stage.AsProgress().Report(1),
            () => stage.Complete());
        Assert.Equal(WorkflowResult.Failure, run.GetStatus().Stages[0].Result);
        Assert.Equal(0, run.GetStatus().CompletedTasks);
    }

    [Fact]
    public void Dispose_AfterAResultOrTwice_IsQuiet()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        var task = stage.StartTask();
        task.Complete();
        task.Dispose();
        stage.Complete();
        stage.Dispose();
        stage.Dispose();
        run.Complete();
        run.Dispose();
        run.Dispose();
        Assert.Equal(WorkflowResult.Success, run.GetStatus().Result);
        Assert.Equal(0, fixture.Errors("late_update"));
    }

    [Fact]
    public void Dispose_OfTheTrackerTwice_LeavesItUsable()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 2 });
        fixture.Tracker.Dispose();
        fixture.Tracker.Dispose();
        run.StartStage("s").CompleteTasks(2);
        Assert.Equal(1, run.GetStatus().CompletionRatio);
        run.Complete();
        fixture.Tracker.StartWorkflow("after").Complete();
        Assert.Equal(2, fixture.Tracker.GetRecentlyEnded().Count);
        Assert.Empty(fixture.Collect());
        Assert.Equal(0, fixture.Clock.ActiveTimers);
    }

    [Fact]
    public void Slots_OfTimedTasks_TellAnEndedTaskFromItsSuccessor()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        var first = stage.StartTask();
        first.Complete();
        var second = stage.StartTask();
        first.Fail();
        Assert.Equal(1, run.GetStatus().Stages[0].RunningTasks);
        second.Complete();
        Assert.Equal((2L, 0L), (run.GetStatus().CompletedTasks, run.GetStatus().Performance.FailedTasks));
        default(WorkflowTask).Complete();
    }

    private static void AssertLate(TrackerFixture fixture, params Action[] calls)
    {
        for (var i = 0; i < calls.Length; i++)
        {
            var before = fixture.Errors("late_update");
            calls[i]();
            Assert.True(fixture.Errors("late_update") == before + 1, $"call {i} was not counted once as late");
        }
    }
}
