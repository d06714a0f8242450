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
    public void Completion_OfAnOpenEndedRun_IsKnownOnceItsTasksAreToldOrItEnds()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new WorkflowRunOptions { IsOpenEnded = true, Milestones = Milestone.Quarters });
        var first = run.StartStage("first", 2);
        first.CompleteTasks(2);
        first.Complete();
        run.StartStage("second").CompleteTask();
        fixture.Advance(60);
        var status = run.GetStatus();
        Assert.Equal((null, null, null, null), (status.CompletionRatio, status.ExpectedTasks, status.Estimate, status.CurrentMilestone));
        Assert.Equal((1.0, 3), (status.Stages[0].CompletionRatio, status.CompletedTasks));

        run.ExpectTasks(10);
        status = run.GetStatus();
        Assert.Equal((.3, "25 %"), (status.CompletionRatio, status.CurrentMilestone));
        Assert.NotNull(status.Estimate);

        var another = fixture.Tracker.StartWorkflow("another", new WorkflowRunOptions { IsOpenEnded = true });
        another.StartStage("only").CompleteTask();
        another.Complete();
        Assert.Equal((1.0, 1), (another.GetStatus().CompletionRatio, another.GetStatus().ExpectedTasks));
    }

    [Fact]
    public void Estimate_OfAnOpenEndedRun_IsWhatEarlierRunsTell()
    {
        using var fixture = new TrackerFixture();
        Run().Complete();
        var again = Run();
        Assert.Null(again.GetStatus().CompletionRatio);
        Assert.InRange(again.GetStatus().Estimate!.Remaining.TotalSeconds, 0, 30);

        WorkflowRun Run()
        {
            var run = fixture.Tracker.StartWorkflow("w", new WorkflowRunOptions { IsOpenEnded = true });
            foreach (var name in new[] { "first", "second" })
            {
                var stage = run.StartStage(name);
                using (stage.StartTask())
                {
                    fixture.Advance(60);
                }

                stage.Complete();
            }

            return run;
        }
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
        Assert.Equal((8L, 2L, 3L), (status.CompletedTasks, status.FailedTasks, status.SkippedTasks));
        Assert.Equal(.8, status.CompletionRatio);
        Assert.Equal(1, fixture.Sum("workflow.stage.tasks", ("workflow.task.result", "abandoned")));
        Assert.Equal(2, fixture.Sum("workflow.stage.tasks", ("workflow.task.result", "failure")));
    }

    [Fact]
    public void ExpectTasks_Smaller_IsTakenDownToWhatIsDone()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s", 10);
        stage.ExpectTasks(5);
        Assert.Equal(5, run.GetStatus().ExpectedTasks);
        stage.CompleteTasks(3);
        stage.ExpectTasks(2);
        Assert.Equal(3, run.GetStatus().ExpectedTasks);
        run.ExpectTasks(50);
        run.ExpectTasks(20);
        Assert.Equal(20, run.GetStatus().ExpectedTasks);
        run.ExpectTasks(1);
        Assert.Equal(3, run.GetStatus().ExpectedTasks);
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
    public void Attempts_SideBySide_AddTheirTasks()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new WorkflowRunOptions { Milestones = [new("all", 1)] });
        var (first, second) = (run.StartStage("s", 100), run.StartStage("s", 100));
        Assert.Equal(200, run.GetStatus().ExpectedTasks);
        first.CompleteTasks(60);
        second.CompleteTasks(40);
        Assert.Equal(.5, run.GetStatus().CompletionRatio);
        Assert.Null(run.GetStatus().CurrentMilestone);

        // What the first leaves undone is done by a third, which has all of it before it.
        first.Fail("x");
        run.StartStage("s", 40).CompleteTasks(40);
        second.CompleteTasks(60);
        Assert.Equal((200, 200), (run.GetStatus().CompletedTasks, run.GetStatus().ExpectedTasks));
        Assert.Equal("all", run.GetStatus().CurrentMilestone);
    }

    [Fact]
    public void Attempts_SideBySideOfAPlannedStage_DontCountThePlanTwice()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = [new("s", 200)] });
        run.StartStage("s", 100);
        run.StartStage("s", 100);
        Assert.Equal(200, run.GetStatus().ExpectedTasks);
        run.StartStage("s", 100);
        Assert.Equal(300, run.GetStatus().ExpectedTasks);
    }

    [Fact]
    public void Complete_OfARunWithoutTasks_ReachesItsMilestones()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new WorkflowRunOptions { ExpectedTasks = 0, Milestones = Milestone.Quarters });
        run.Complete();
        Assert.Equal(1, run.GetStatus().CompletionRatio);
        Assert.All(run.GetStatus().Milestones, m => Assert.NotNull(m.ReachedAt));
        Assert.Equal(4, fixture.Sum("workflow.milestone.reached"));
    }

    [Fact]
    public void End_AtAMomentBeforeAStart_RecordsNoNegativeTime()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w");
        fixture.Advance(10);
        var stage = run.StartStage("s", 10);
        stage.StartTask();

        // Whoever ends the run read the clock, and then waited for the lock behind the starts.
        run.At(run.GetStatus().StartedAt).Cancel();

        var readings = fixture.Collect();
        Assert.All(readings.Where(r => r.Instrument.Name.EndsWith(".duration", StringComparison.Ordinal)), r => Assert.True(r.Value >= 0, $"{r.Instrument.Name} is {r.Value}"));
        Assert.Equal(3, readings.Count(r => r.Instrument.Name.EndsWith(".duration", StringComparison.Ordinal)));
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
