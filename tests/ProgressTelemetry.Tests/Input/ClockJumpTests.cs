using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Input;

public class ClockJumpTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Durations_WhenTheWallClockJumps_AreMonotonic(int hours)
    {
        var listener = new RecordingListener();
        using var fixture = new TrackerFixture(o => (o.StallTimeout, o.MinShownRunAge) = (TimeSpan.FromMinutes(2), TimeSpan.Zero), listener);
        var run = fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = 10 });
        var stage = run.StartStage("s");
        for (var i = 0; i < 5; i++)
        {
            fixture.Advance(60);
            stage.StartTask().Complete();
        }

        fixture.Clock.JumpWallClock(TimeSpan.FromHours(hours));
        fixture.Advance(2);
        var status = run.GetStatus();
        Assert.Equal(TimeSpan.FromSeconds(302), status.Elapsed);
        Assert.Equal(fixture.Clock.GetUtcNow(), status.AsOf);
        Assert.Equal(status.AsOf - TimeSpan.FromSeconds(302), status.StartedAt);
        Assert.Equal(status.AsOf - TimeSpan.FromSeconds(2), status.LastProgressAt);
        Assert.Equal(WorkflowState.Running, status.State);
        Assert.Equal(0, listener.Count("stalled"));
        Assert.InRange(fixture.Sum("workflow.stage.wall_time"), 300, 302);
        run.Complete();
        Assert.Equal(302, fixture.Sum("workflow.run.duration"), 6);
        Assert.Equal(TimeSpan.FromSeconds(302), run.GetStatus().EndedAt - run.GetStatus().StartedAt);
    }

    [Fact]
    public void PublishedMoments_OfAStillClock_DoNotJitter()
    {
        using var fixture = new TrackerFixture(o => o.MinShownRunAge = TimeSpan.Zero);
        using var run = fixture.Tracker.StartWorkflow("w");
        var first = fixture.Sum("workflow.run.start.timestamp");
        fixture.Clock.JumpWallClock(TimeSpan.FromMilliseconds(300));
        fixture.Advance(10);
        Assert.Equal(first, fixture.Sum("workflow.run.start.timestamp"));
        fixture.Clock.JumpWallClock(TimeSpan.FromHours(-1));
        fixture.Advance(1);
        Assert.Equal(first - 3600 + .3, fixture.Sum("workflow.run.start.timestamp"), 3);
    }
}
