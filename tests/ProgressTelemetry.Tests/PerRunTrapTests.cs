using ProgressTelemetry.Tests.Support;
using Xunit;

namespace ProgressTelemetry.Tests;

/// <summary>
/// With cumulative readers an SDK never frees a label set, and after 2,000 of an instrument's it merges all others into one. Ten thousand runs go through one process here, and each collection holds exactly those that should be shown.
/// </summary>
public class PerRunTrapTests
{
    private const int Runs = 10_000;
    private const int Alive = 100;
    private static readonly TimeSpan Wave = TimeSpan.FromSeconds(20);
    private static readonly ProgressTrackingOptions Options = new() { EndedRunRetention = TimeSpan.FromSeconds(30), MinShownRunAge = TimeSpan.FromSeconds(5) };

    [Fact]
    public void Collect_TenThousandRunsOneHundredAlive_ShowsExactlyTheLiveAndTheRetainedOnes()
    {
        using var world = new RunWorld(Options);
        var ended = new Queue<(string Id, int Wave)>();
        for (var wave = 0; wave < Runs / Alive; wave++)
        {
            var runs = world.StartRuns(Alive, stages: 1);
            Assert.Equal(ExpectedOf(ended, wave), world.Collect().RunIds());
            world.Clock.Advance(Wave);
            var scrape = world.Collect();
            var expected = ExpectedOf(ended, wave, exact: Wave);
            expected.UnionWith(runs.Select(r => r.Id));
            Assert.Equal(expected, scrape.RunIds());
            Assert.Equal(Alive, scrape.Sum("workflow.run.active"));
            Assert.Equal(0, scrape.Sum("workflow.run.hidden"));
            foreach (var run in runs)
            {
                run.Complete();
                ended.Enqueue((run.Id, wave));
            }
        }

        var last = world.Collect();
        Assert.Equal(Runs, last.Sum("workflow.run.duration", ("workflow.run.result", "success")));
        Assert.Equal(Runs, last.Sum("workflow.stage.tasks", ("workflow.task.result", "success")));
        world.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Empty(world.Collect().RunIds());

        // A run that ended in wave w, at its end, has been over for (wave - w - 1) waves when wave starts.
        static HashSet<string> ExpectedOf(Queue<(string Id, int Wave)> ended, int wave, TimeSpan exact = default) =>
            [.. ended.Where(e => (Wave * (wave - e.Wave - 1)) + exact <= Options.EndedRunRetention).Select(e => e.Id)];
    }

    [Fact]
    public void Collect_RunsOfSixtyTwoStages_StayWithinTheBudgetOfEveryInstrument()
    {
        using var world = new RunWorld(new ProgressTrackingOptions { EndedRunRetention = TimeSpan.FromSeconds(30) });
        for (var wave = 0; wave < 30; wave++)
        {
            var runs = world.StartRuns(Alive, stages: 62);
            world.Clock.Advance(Wave);
            var scrape = world.Collect();

            // 1,000 label sets hold 16 runs of 62: the earliest started, and in the quarter that is kept for them the newest.
            Assert.Equal([.. runs.Take(12), .. runs.TakeLast(4)], runs.Where(r => scrape.RunIds().Contains(r.Id)));
            Assert.Equal(16 * 62, scrape.Of("workflow.run.stage.state").Count());
            Assert.Equal(Alive - 16, scrape.Sum("workflow.run.hidden"));
            runs.ForEach(r => r.Complete());
        }
    }

    [Fact]
    public void Collect_StalledAndLateRuns_AreShownBeforeOlderOnes()
    {
        using var world = new RunWorld(new ProgressTrackingOptions { ShownSeriesBudget = 6 });
        var old = world.StartRuns(5, stages: 1);
        world.Clock.Advance(TimeSpan.FromSeconds(100));
        var late = world.Tracker.StartWorkflow("w", new WorkflowRunOptions { Deadline = world.Clock.GetUtcNow() + TimeSpan.FromSeconds(10) });
        var stalled = world.Tracker.StartWorkflow("w", new WorkflowRunOptions { StallTimeout = TimeSpan.FromSeconds(10) });
        world.Clock.Advance(TimeSpan.FromSeconds(19));
        old.ForEach(r => r.UpdateTask("t", WorkflowTaskState.Running));
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        var scrape = world.Collect();
        Assert.Equal(0, scrape.Sum("progress.tracker.errors"));
        Assert.Equal([late.Id, stalled.Id], scrape.RunIds());
        Assert.Equal(5, scrape.Sum("workflow.run.hidden"));
    }

    [Fact]
    public void Collect_RunWithMoreStagesThanTheBudget_IsShownWithoutThem()
    {
        using var world = new RunWorld(new ProgressTrackingOptions { ShownSeriesBudget = 10 });
        var run = world.StartRuns(1, stages: 11).Single();
        world.Clock.Advance(Wave);
        var scrape = world.Collect();
        Assert.Equal([run.Id], scrape.RunIds());
        Assert.Empty(scrape.Of("workflow.run.stage.state"));
    }

    [Fact]
    public void Collect_RunYoungerThanMinShownRunAge_IsHidden()
    {
        using var world = new RunWorld(Options);
        world.StartRuns(1, stages: 1);
        world.Clock.Advance(TimeSpan.FromSeconds(4.9));
        var young = world.Collect();
        Assert.Empty(young.RunIds());
        Assert.Equal(1, young.Sum("workflow.run.hidden"));
        world.Clock.Advance(TimeSpan.FromSeconds(.1));
        Assert.Single(world.Collect().RunIds());
    }

    [Fact]
    public void Collect_WithoutRotation_Overflows()
    {
        // The control: without the rotation the trap snaps, and these tests see it.
        using var world = new RunWorld(Options, overflowIsFine: true);
        foreach (var group in world.Tracker.Shown.Groups)
        {
            group.Most = int.MaxValue;
        }

        for (var wave = 0; wave < 20; wave++)
        {
            var runs = world.StartRuns(Alive, stages: 1);
            world.Clock.Advance(Wave);
            world.Collect();
            runs.ForEach(r => r.Complete());
        }

        Assert.True(world.Collect().HasOverflow);
    }
}
