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
        var started = fixture.Clock.GetUtcNow();
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
        Assert.Equal(started, status.StartedAt);
        Assert.Equal(started + TimeSpan.FromSeconds(300), status.LastProgressAt);
        Assert.Equal(WorkflowState.Running, status.State);
        Assert.Equal(0, listener.Count("stalled"));
        Assert.InRange(fixture.Sum("workflow.stage.wall_time"), 300, 302);
        run.Complete();
        Assert.Equal(302, fixture.Sum("workflow.run.duration"), 6);
        Assert.Equal(TimeSpan.FromSeconds(302), run.GetStatus().Elapsed);
        Assert.True(run.GetStatus().EndedAt >= started);
    }

    [Fact]
    public void PublishedMoments_WhenTheWallClockIsSet_StayAsTheyWere()
    {
        using var fixture = new TrackerFixture(o => o.MinShownRunAge = TimeSpan.Zero);
        using var run = fixture.Tracker.StartWorkflow("w");
        var first = fixture.Sum("workflow.run.start.timestamp");
        fixture.Clock.JumpWallClock(TimeSpan.FromMilliseconds(300));
        fixture.Advance(10);
        Assert.Equal(first, fixture.Sum("workflow.run.start.timestamp"));
        fixture.Clock.JumpWallClock(TimeSpan.FromHours(-1));
        fixture.Advance(1);
        Assert.Equal(first, fixture.Sum("workflow.run.start.timestamp"));
    }
}
