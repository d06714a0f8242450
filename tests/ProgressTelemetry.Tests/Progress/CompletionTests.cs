using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Progress;

public class CompletionTests
{
    [Fact]
    public void Completion_WhileExpectedIsUnknown_IsNull()
    {
        using var fixture = new TrackerFixture(o => o.MinShownRunAge = TimeSpan.Zero);
        var run = fixture.Tracker.StartWorkflow("w");
        Assert.Null(run.GetStatus().CompletionRatio);
        var stage = run.StartStage("s");
        stage.CompleteTasks(5);
        fixture.Advance(10);
        var status = run.GetStatus();
        Assert.Null(status.CompletionRatio);
        Assert.Null(status.ExpectedTasks);
        Assert.Null(status.Stages[0].CompletionRatio);
        Assert.Equal(5, status.CompletedTasks);
        Assert.DoesNotContain(fixture.Collect(), r => r.Instrument.Name is "workflow.run.completion.ratio" or "workflow.run.tasks.expected");
        stage.Complete();
        Assert.Equal(1, run.GetStatus().CompletionRatio);
        Assert.Equal(5, run.GetStatus().ExpectedTasks);
    }

    [Fact]
    public void Completing_MoreThanOneStageExpected_RaisesWhatTheRunExpects()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new() { Stages = [new("a", 1000), new("b", 1000)] });
        var a = run.StartStage("a");
        var last = 0d;
        for (var i = 1; i <= 3000; i++)
        {
            a.CompleteTask();
            var status = run.GetStatus();
            Assert.Equal(1000 + Math.Max(1000, i), status.ExpectedTasks);
            Assert.True(status.CompletionRatio >= last || i > 1000);
            last = status.CompletionRatio!.Value;
        }
    }

    [Fact]
    public void Completing_TasksOfAnUnplannedStage_AddsToADeclaredTotal()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 1000, Stages = [new("planned", 900)] });
        var other = run.StartStage("other");
        for (var i = 1; i <= 2000; i++)
        {
            other.CompleteTask();
            Assert.Equal(Math.Max(1000, 900 + i), run.GetStatus().ExpectedTasks);
        }
    }

    [Fact]
    public void Stage_WithoutTasks_IsOneTask()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new() { Stages = [new("a", 1), new("b", 1), new("c", 1)] });
        run.StartStage("a").Complete();
        Assert.Equal(1d / 3, run.GetStatus().CompletionRatio!.Value, 12);
        run.StartStage("b").Skip();
        run.StartStage("c").Fail("x");
        var status = run.GetStatus();
        Assert.Equal(2, status.CompletedTasks);
        Assert.Equal(3, status.ExpectedTasks);
        Assert.Equal(1, status.Performance.SkippedTasks);
        run.StartStage("c").Complete();
        Assert.Equal(1, run.GetStatus().CompletionRatio);
        Assert.Equal(1, fixture.Sum("workflow.stage.tasks", ("workflow.stage.name", "a"), ("workflow.task.result", "success")));
    }

    [Fact]
    public void FailedAndSkippedTasks_CountAsCompleted()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 10);
        stage.CompleteTasks(3);
        stage.FailTask();
        stage.SkipTasks(2);
        stage.SkipTask();
        stage.StartTask().Fail();
        stage.StartTask().Dispose();
        var status = Assert.Single(run.GetStatus().Stages);
        Assert.Equal((9L, 2L, 3L), (status.CompletedTasks, status.FailedTasks, status.SkippedTasks));
        Assert.Equal(.9, status.CompletionRatio);
        Assert.Equal(1, fixture.Sum("workflow.stage.tasks", ("workflow.task.result", "abandoned")));
        Assert.Equal(2, fixture.Sum("workflow.stage.tasks", ("workflow.task.result", "failure")));
    }

    [Fact]
    public void ExpectTasks_Smaller_IsIgnored()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 10);
        stage.ExpectTasks(5);
        Assert.Equal(10, run.GetStatus().ExpectedTasks);
        run.ExpectTasks(50);
        run.ExpectTasks(20);
        Assert.Equal(50, run.GetStatus().ExpectedTasks);
    }

    [Fact]
    public void Attempts_OfOneStage_AddTheirTasks()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var first = run.StartStage("s", 10);
        first.CompleteTasks(4);
        first.Fail("x");
        var second = run.StartStage("s", 10);
        second.CompleteTasks(6);
        var status = Assert.Single(run.GetStatus().Stages);
        Assert.Equal((10L, 14L, 2), (status.CompletedTasks, status.ExpectedTasks!.Value, status.Attempts));
        Assert.Null(status.Result);
    }

    [Fact]
    public void Items_AreNoTasks()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        stage.RecordItems("platform", 3);
        stage.RecordItems("platform");
        stage.RecordItems("byte", 0);
        Assert.Equal(new Dictionary<string, long> { ["platform"] = 4, ["byte"] = 0 }, run.GetStatus().Stages[0].Items);
        Assert.Equal(0, run.GetStatus().CompletedTasks);
        Assert.Equal(4, fixture.Sum("workflow.stage.items", ("workflow.item.kind", "platform"), ("workflow.stage.name", "s"), ("workflow.name", "w")));
    }

    [Fact]
    public void RecordItems_None_IsNoProgress()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        fixture.Advance(10);
        stage.RecordItems("byte", 0);
        Assert.Equal(run.GetStatus().StartedAt, run.GetStatus().LastProgressAt);
    }

    [Fact]
    public void RecordRevision_AfterTheStagesEnd_CountsWhileTheRunLives()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        stage.Complete();
        stage.RecordRevision("late", "3");
        Assert.Equal(1, run.GetStatus().Performance.Revisions);
        Assert.Equal(0, fixture.Errors("late_update"));
        run.Complete();
        stage.RecordRevision();
        Assert.Equal(1, fixture.Sum("workflow.stage.revisions"));
        Assert.Equal(1, fixture.Errors("late_update"));
    }
}
