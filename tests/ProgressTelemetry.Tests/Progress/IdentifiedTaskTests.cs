using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Progress;

public class IdentifiedTaskTests
{
    [Fact]
    public void UpdateTask_OfTheRunForAnIdThatAStageWasTold_IsOfThatStage()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var (first, second) = (run.StartStage("a"), run.StartStage("b"));
        first.StartTask("timed");
        first.UpdateTask("told", WorkflowTaskState.Running);

        run.UpdateTask("timed", WorkflowTaskState.Completed);
        run.UpdateTask("told", WorkflowTaskState.Completed);

        Assert.Equal([2, 0], run.GetStatus().Stages.Select(s => s.CompletedTasks));
        Assert.Equal([0, 0], run.GetStatus().Stages.Select(s => s.RunningTasks));
        Assert.False(second.IsEnded);
    }

    [Fact]
    public void UpdateTask_WithoutAStage_IsOfAStageNamedMain()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 2 });
        run.UpdateTask("a", WorkflowTaskState.Running, .5);
        run.UpdateTask("a", WorkflowTaskState.Completed);
        run.UpdateTask("b", WorkflowTaskState.Failed);
        var stage = Assert.Single(run.GetStatus().Stages);
        Assert.Equal(("main", 2L, 1L), (stage.Name, stage.CompletedTasks, stage.FailedTasks));
        Assert.Equal(1, run.GetStatus().CompletionRatio);
    }

    [Fact]
    public void UpdateTask_OfARun_StaysInTheStageThatFirstSawTheId()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        run.StartStage("first");
        run.UpdateTask("a", WorkflowTaskState.Running);
        run.StartStage("second");
        run.UpdateTask("b", WorkflowTaskState.Completed);
        run.UpdateTask("a", WorkflowTaskState.Completed);
        Assert.Equal([("first", 1L), ("second", 1L)], run.GetStatus().Stages.Select(s => (s.Name, s.CompletedTasks)));
    }

    [Fact]
    public void UpdateTask_OfARunWhoseStageWasRetried_GoesToTheNewAttempt()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var first = run.StartStage("s", 1);
        run.UpdateTask("a", WorkflowTaskState.Running);
        first.Fail("x");
        run.StartStage("s");
        run.UpdateTask("a", WorkflowTaskState.Completed);
        Assert.Equal(0, fixture.Errors("late_update"));
        var readings = fixture.Collect();
        Assert.All(["abandoned", "success"], result => Assert.Equal(1, Assert.Single(readings, r => r.Instrument.Name == "workflow.stage.tasks" && r["workflow.task.result"] == result).Value));
    }

    [Fact]
    public void UpdateTask_OfAnIdThatAnEarlierAttemptDid_IsDoneAgain()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var stage = run.StartStage("s", 2);
            stage.UpdateTask("a", WorkflowTaskState.Completed);
            stage.StartTask("b").Complete();
            stage.Complete();
        }

        Assert.Equal((4L, 4L), (run.GetStatus().CompletedTasks, run.GetStatus().ExpectedTasks!.Value));
        Assert.Equal(0, fixture.Errors("late_update"));
    }

    [Fact]
    public void UpdateTask_EarlierStateOrSmallerCompletion_SaysNothingNew()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 1 });
        run.UpdateTask("a", WorkflowTaskState.Running, .6);
        run.UpdateTask("a", WorkflowTaskState.Pending, .2);
        Assert.Equal(.6, run.GetStatus().CompletionRatio);
        Assert.Equal(1, run.GetStatus().Stages[0].RunningTasks);
        run.UpdateTask("a", WorkflowTaskState.Completed);
        run.UpdateTask("a", WorkflowTaskState.Running, .1);
        run.UpdateTask("a", WorkflowTaskState.Failed);
        Assert.Equal(1, run.GetStatus().CompletionRatio);
        Assert.Equal(0, run.GetStatus().Stages[0].RunningTasks);
        Assert.Equal(2, fixture.Errors("late_update"));
    }

    [Fact]
    public void UpdateTask_ThatIsCutOff_IsNotDone()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 2 });
        run.UpdateTask("a", WorkflowTaskState.Running, .9);
        run.UpdateTask("a", WorkflowTaskState.Cancelled);
        Assert.Equal((0L, .45), (run.GetStatus().CompletedTasks, run.GetStatus().CompletionRatio!.Value));
        run.Cancel();
        Assert.Equal(1, fixture.Sum("workflow.stage.tasks", ("workflow.task.result", "cancellation")));
    }

    [Fact]
    public void UpdateTask_FromRunningToEnd_IsTimed()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        run.UpdateTask("a", WorkflowTaskState.Running);
        fixture.Advance(8);
        run.UpdateTask("a", WorkflowTaskState.Completed);
        Assert.Equal(TimeSpan.FromSeconds(8), run.GetStatus().Performance.AverageTaskDuration);
        Assert.Equal(8, fixture.Sum("workflow.task.duration", ("workflow.task.result", "success")));
    }

    [Fact]
    public void StartTask_OfAnIdThatRuns_IsTheSameTask()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 2);
        var first = stage.StartTask("a");
        stage.UpdateTask("a", WorkflowTaskState.Running, .5);
        var second = stage.StartTask("a");
        second.Complete();
        first.Complete();
        Assert.Equal(1, run.GetStatus().CompletedTasks);
        Assert.Equal(.5, run.GetStatus().CompletionRatio);
        Assert.Equal(0, run.GetStatus().Stages[0].RunningTasks);
        Assert.Equal(1, fixture.Errors("late_update"));
    }

    [Fact]
    public void UpdateTask_ThatEndsATimedTask_EndsIt()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 2);
        var task = stage.StartTask("a");
        fixture.Advance(4);
        stage.UpdateTask("a", WorkflowTaskState.Failed);
        task.Complete();
        var status = run.GetStatus().Stages[0];
        Assert.Equal((1L, 1L, 0L), (status.CompletedTasks, status.FailedTasks, status.RunningTasks));
        Assert.Equal(TimeSpan.FromSeconds(4), status.AverageTaskDuration);
        Assert.Equal(.5, status.CompletionRatio);
    }

    [Fact]
    public void StartTask_OfAnIdThatAnUpdateStarted_GoesOnWithIt()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 1);
        stage.UpdateTask("a", WorkflowTaskState.Running, .25);
        fixture.Advance(5);
        using (var task = stage.StartTask("a"))
        {
            fixture.Advance(5);
            task.Complete();
        }

        var status = run.GetStatus().Stages[0];
        Assert.Equal((1L, 0L, 1d), (status.CompletedTasks, status.RunningTasks, status.CompletionRatio!.Value));
        Assert.Equal(TimeSpan.FromSeconds(10), status.AverageTaskDuration);
    }

    [Fact]
    public void StageEnd_WithRunningTasks_AbandonsThem()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 3);
        stage.UpdateTask("told", WorkflowTaskState.Running, .5);
        var timed = stage.StartTask();
        fixture.Advance(2);
        stage.Fail("x");
        timed.Complete();
        var status = run.GetStatus().Stages[0];
        Assert.Equal(0, status.RunningTasks);
        Assert.Equal(0, status.CompletedTasks);
        Assert.Equal(2, fixture.Sum("workflow.stage.tasks", ("workflow.task.result", "abandoned")));
        Assert.Equal(1, fixture.Errors("late_update"));
    }

    [Fact]
    public void StageEnd_InSuccessWithATaskInPart_IsWholeEvenWhenItIsTakenUpAgain()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var first = run.StartStage("s");
        first.UpdateTask("a", WorkflowTaskState.Pending, .5);
        first.Complete();
        Assert.Equal(1, run.GetStatus().CompletionRatio);
        var second = run.StartStage("s", 1);
        second.UpdateTask("a", WorkflowTaskState.Completed);
        second.Complete();
        Assert.Equal(1, run.GetStatus().CompletionRatio);
        Assert.Equal(2, run.GetStatus().CompletedTasks);
    }
}
