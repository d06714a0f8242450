using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Progress;

public class MilestoneTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Milestone_OfCountedTasks_IsReachedByExactlyItsTask(bool listens)
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(null, listens ? [listener] : []);
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 3000, Milestones = [new("third", 1d / 3), new("half", .5), new("all", 1)] });
        var stage = run.StartStage("s");
        List<(long Done, string Milestone)> reached = [];
        fixture.Log.OnRecord = record =>
        {
            if (record.Id.Name == "workflow.milestone.reached")
            {
                reached.Add((run.Live.Model.Done, record.GetStructuredStateValue("Milestone")!));
            }
        };
        for (var i = 0; i < 3000; i++)
        {
            stage.CompleteTask();
        }

        // Where a listener is told of counts meanwhile, its thread may tell this one too: then there may be more tasks than it took, and never fewer.
        Assert.Equal(["third", "half", "all"], reached.Select(entry => entry.Milestone));
        Assert.All(reached.Select(entry => entry.Done).Zip([1000, 1500, 3000]), entry => Assert.InRange(entry.First, entry.Second, listens ? long.MaxValue : entry.Second));
        Assert.Equal(listens ? 3 : 0, listener.Heard.Count(h => h.StartsWith("milestone", StringComparison.Ordinal)));
    }

    [Fact]
    public void Milestone_AtItsMoment_HasTheTime()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 4, Milestones = Milestone.Quarters });
        var stage = run.StartStage("s");
        for (var i = 1; i <= 4; i++)
        {
            fixture.Advance(10);
            stage.StartTask().Complete();
            Assert.Equal($"{25 * i} %", run.GetStatus().CurrentMilestone);
        }

        var start = run.GetStatus().StartedAt;
        Assert.Equal([10, 20, 30, 40], run.GetStatus().Milestones.Select(m => (m.ReachedAt!.Value - start).TotalSeconds));
    }

    [Fact]
    public void Milestone_ReachedByParts_OfIdentifiedTasks()
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(null, listener);
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 2, Milestones = [new("quarter", .25), new("half", .5)] });
        var stage = run.StartStage("s");
        stage.UpdateTask("a", WorkflowTaskState.Running, .25);
        stage.UpdateTask("b", WorkflowTaskState.Running, .2);
        Assert.Equal(0, listener.Count("milestone quarter"));
        stage.UpdateTask("b", WorkflowTaskState.Running, .25);
        Assert.Equal(1, listener.Count("milestone quarter"));
        stage.UpdateTask("a", WorkflowTaskState.Running, .8);
        Assert.Equal(1, listener.Count("milestone half"));
        Assert.Equal((.8 + .25) / 2, run.GetStatus().CompletionRatio!.Value, 9);
    }

    [Fact]
    public void Milestone_WhenExpectationGrows_IsNotReachedTwice()
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(null, listener);
        var run = fixture.Tracker.StartWorkflow("w", new() { Milestones = [new("half", .5)] });
        var stage = run.StartStage("s");
        stage.CompleteTasks(10);
        Assert.Null(run.GetStatus().CompletionRatio);
        Assert.Equal(0, listener.Count("milestone half"));
        stage.ExpectTasks(20);
        Assert.Equal(1, listener.Count("milestone half"));
        stage.ExpectTasks(1000);
        stage.CompleteTasks(990);
        Assert.Equal(1, listener.Count("milestone half"));
    }

    [Fact]
    public void Milestones_PassedByOneStep_AreEachReachedInOrderAndCounted()
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(null, listener);
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 4, Milestones = [new("c", .75), new("a", .25), new("b", .5)] });
        Assert.All(["a", "b", "c"], m => Assert.Equal(0, Assert.Single(fixture.Collect(), r => r["workflow.milestone.name"] == m).Value));
        run.StartStage("s").CompleteTasks(3);
        Assert.Equal(["milestone a", "milestone b", "milestone c"], listener.Heard.Where(h => h.StartsWith("mile", StringComparison.Ordinal)));
        Assert.All(["a", "b", "c"], m => Assert.Equal(1, fixture.Sum("workflow.milestone.reached", ("workflow.milestone.name", m), ("workflow.name", "w"))));
    }
}
