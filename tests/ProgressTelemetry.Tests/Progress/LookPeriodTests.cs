using ProgressTelemetry.Tests.Support;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Tests.Progress;

/// <summary>Old runs are looked at less often; what the timer has to notice is noticed in time all the same.</summary>
public class LookPeriodTests
{
    private readonly ManualTimeProvider _clock = new();

    [Theory]
    [InlineData(0)]
    [InlineData(3600)]
    [InlineData(86400)]
    public void Tick_RunOfAnyAge_ReportsAStallWithinASecondOfItsThreshold(int ageSeconds)
    {
        // No run may record its course: those that do are looked at each second anyway.
        using var tracker = new ProgressTracker(new ProgressTrackingOptions { MinShownRunAge = TimeSpan.FromDays(30) }, _clock);
        var stalls = new List<TimeSpan>();
        using var subscription = tracker.Subscribe(new Stalls(stalls));
        using var run = tracker.StartWorkflow("w", new WorkflowRunOptions { StallTimeout = TimeSpan.FromSeconds(90) });
        using var stage = run.StartStage("s");
        for (var age = 0; age < ageSeconds; age += 60)
        {
            _clock.Advance(TimeSpan.FromSeconds(60));
            stage.CompleteTask();
        }

        _clock.Advance(TimeSpan.FromSeconds(90));
        tracker.Drain();
        Assert.Empty(stalls);
        _clock.Advance(TimeSpan.FromSeconds(1));
        tracker.Drain();
        Assert.InRange(Assert.Single(stalls).TotalSeconds, 90, 91);
    }

    [Fact]
    public void Tick_OldRun_ReportsAMissedDeadlineWithinASecond()
    {
        using var tracker = new ProgressTracker(new ProgressTrackingOptions { MinShownRunAge = TimeSpan.FromDays(30) }, _clock);
        var missed = new List<DateTimeOffset>();
        using var subscription = tracker.Subscribe(new Misses(missed, _clock));
        var deadline = _clock.GetUtcNow() + TimeSpan.FromSeconds(7205.5);
        using var run = tracker.StartWorkflow("w", new WorkflowRunOptions { Deadline = deadline, StallTimeout = TimeSpan.FromDays(1) });
        _clock.Advance(TimeSpan.FromSeconds(7205.4));
        tracker.Drain();
        Assert.Empty(missed);
        _clock.Advance(TimeSpan.FromSeconds(1));
        tracker.Drain();
        Assert.InRange(Assert.Single(missed), deadline, deadline + TimeSpan.FromSeconds(1));
    }

    private sealed class Stalls(List<TimeSpan> stalls) : ProgressListener
    {
        public override void OnStalled(WorkflowRun run, TimeSpan silence) => stalls.Add(silence);
    }

    private sealed class Misses(List<DateTimeOffset> missed, ManualTimeProvider clock) : ProgressListener
    {
        public override void OnDeadlineMissed(WorkflowRun run) => missed.Add(clock.GetUtcNow());
    }
}
