using System.Diagnostics.Metrics;
using ProgressTelemetry.Signals;
using ProgressTelemetry.Tests.Support;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Signals;

/// <summary>Runs that are shown as soon as they start (<see cref="ProgressTrackingOptions.MinShownRunAge"/> zero), seen from whoever starts them.</summary>
public class ShownAtOnceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Start_WhileAMetersListenerHoldsUpAChoice_WaitsForNobody()
    {
        var suffix = MetricsProbe.NewSuffix();
        using var tracker = NewTracker(new ManualTimeProvider(), suffix);
        using var probe = new MetricsProbe(suffix);
        using var reached = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.EndsWith(suffix, StringComparison.Ordinal) && instrument.Meter.Tags?.Any(tag => tag.Key == SignalNames.Attributes.Generation) == true)
                {
                    reached.Set();
                    goOn.Wait(Limit);
                }
            },
        };
        meters.Start();
        tracker.StartWorkflow("w");
        foreach (var group in tracker.Shown.Groups)
        {
            group.Most = 3;
        }

        // This one needs new meters, of which the listener hears.
        var first = Task.Run(() => tracker.StartWorkflow("w"));
        Assert.True(reached.Wait(Limit));
        var second = await Task.Run(() => tracker.StartWorkflow("w")).WaitAsync(Limit);
        Assert.False(first.IsCompleted);
        goOn.Set();
        await first.WaitAsync(Limit);

        // Whoever was held up has shown the other one too.
        Assert.Contains(second.Id, probe.Collect().RunIds());
    }

    [Fact]
    public void Start_WhenABudgetIsUsedUp_LeavesWhatIsShownAsItIs()
    {
        var suffix = MetricsProbe.NewSuffix();
        var clock = new ManualTimeProvider();
        using var tracker = NewTracker(clock, suffix, budget: 6);
        using var probe = new MetricsProbe(suffix);
        var (first, second) = (tracker.StartWorkflow("w"), tracker.StartWorkflow("w"));
        tracker.StartWorkflow("w");
        var full = probe.Collect();
        Assert.Equal([first.Id, second.Id], full.RunIds());
        Assert.Equal(1, full.Sum("workflow.run.hidden"));

        // A stage more than the budget has room for: the run stays, that stage waits.
        foreach (var stage in Enumerable.Range(0, 5))
        {
            second.StartStage($"stage {stage}");
        }

        var grown = probe.Collect();
        Assert.Equal([first.Id, second.Id], grown.RunIds());
        Assert.Equal(3, grown.Of("workflow.run.stage.state").Count());

        // An id used again: the new run has the old one's place.
        first.Complete();
        var again = tracker.StartWorkflow("w", new WorkflowRunOptions { RunId = first.Id });
        again.StartStage("new");
        var reused = probe.Collect();
        Assert.Equal([again.Id, second.Id], reused.RunIds());
        Assert.Equal(1, reused.Of("workflow.run.stage.state").Count(s => s.Labels["workflow.run.id"] == again.Id));
    }

    private static ProgressTracker NewTracker(ManualTimeProvider clock, string suffix, int budget = 1000) =>
        new(new ProgressTrackingOptions { MinShownRunAge = TimeSpan.Zero, ShownSeriesBudget = budget }, clock, null, null, null, suffix);
}
