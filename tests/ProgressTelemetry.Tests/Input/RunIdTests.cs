using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Input;

public class RunIdTests
{
    [Fact]
    public void StartWorkflow_WithALiveId_IsRefused_AndMayUseItAfterTheEnd()
    {
        using var fixture = new TrackerFixture();
        var first = fixture.Tracker.StartWorkflow("w", new() { RunId = "nightly" });
        var error = Assert.Throws<InvalidOperationException>(() => fixture.Tracker.StartWorkflow("other", new() { RunId = "nightly" }));
        Assert.Contains("nightly", error.Message, StringComparison.Ordinal);
        first.Fail("x");
        var second = fixture.Tracker.StartWorkflow("w", new() { RunId = "nightly" });
        Assert.Equal(WorkflowState.Running, fixture.Tracker.GetStatus("nightly")!.State);
        Assert.Equal(WorkflowState.Failed, first.GetStatus().State);
        Assert.Empty(fixture.Tracker.GetRecentlyEnded());
        second.Complete();
        Assert.Equal(WorkflowState.Succeeded, fixture.Tracker.GetStatus("nightly")!.State);
        Assert.Single(fixture.Tracker.GetRecentlyEnded());
    }

    [Fact]
    public async Task StartWorkflow_OfOneIdFromManyThreads_IsWonByOne()
    {
        using var fixture = new TrackerFixture();
        using var barrier = new Barrier(8);
        for (var round = 0; round < 50; round++)
        {
            var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    barrier.SignalAndWait();
                    try
                    {
                        return fixture.Tracker.StartWorkflow("w", new() { RunId = "one", Stages = [new("s", 3)], ExpectedTasks = 3 });
                    }
                    catch (InvalidOperationException)
                    {
                        return null;
                    }
                },
                TaskCreationOptions.LongRunning)));
            var winner = Assert.Single(runs, run => run is not null)!;
            Assert.Equal(1, fixture.Sum("workflow.run.active"));
            winner.StartStage("s").CompleteTasks(3);
            winner.Complete();
            Assert.Equal(0, fixture.Sum("workflow.run.active"));
            Assert.Equal(0, fixture.Sum("workflow.stage.active"));
            Assert.Equal(3 * (round + 1), fixture.Sum("workflow.stage.tasks"));
        }
    }

    [Fact]
    public void EndedRuns_PastTheirRetention_AreForgotten()
    {
        using var fixture = new TrackerFixture();
        fixture.Tracker.StartWorkflow("w", new() { RunId = "r" }).Complete();
        fixture.Advance(300);
        Assert.NotNull(fixture.Tracker.GetStatus("r"));
        fixture.Advance(1);
        Assert.Null(fixture.Tracker.GetStatus("r"));
        Assert.Empty(fixture.Tracker.GetRecentlyEnded());
    }
}
