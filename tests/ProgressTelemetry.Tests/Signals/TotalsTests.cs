using System.Diagnostics.Metrics;
using ProgressTelemetry.Signals;
using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Signals;

/// <summary>What is summed over runs, and read by several collectors.</summary>
public sealed class TotalsTests
{
    [Theory]
    [InlineData("workflow.stage.wall_time", false)]
    [InlineData("workflow.stage.wait_time", true)]
    public void Times_RunsEndInAnyOrder_NeverFall(string instrument, bool waits)
    {
        using var fixture = new TrackerFixture();
        List<WorkflowRun> runs = [];
        foreach (var seconds in (double[])[.1, .2, .3, .7, 1.1, 2.3])
        {
            var run = fixture.Tracker.StartWorkflow("w");
            var stage = run.StartStage("s");
            using (waits ? stage.Wait("w") : null)
            {
                fixture.Advance(seconds);
            }

            stage.Complete();
            runs.Add(run);
        }

        // Nothing runs any more: each end only moves a run's seconds from one addend to another.
        var before = fixture.Sum(instrument);
        Assert.True(before > 4);
        foreach (var run in runs)
        {
            run.Complete();
            var after = fixture.Sum(instrument);
            Assert.True(after >= before, $"{after:R} after {before:R}");
            before = after;
        }
    }

    [Fact]
    public void Throughput_AndTasks_AreOfOneMoment()
    {
        using var fixture = new TrackerFixture();
        var stage = fixture.Tracker.StartWorkflow("w").StartStage("s", 100);
        fixture.Collect();
        fixture.Advance(10);
        stage.CompleteTasks(50);

        var readings = fixture.Collect();
        Assert.Equal(5, readings.Single(r => r.Instrument.Name == "workflow.stage.throughput").Value, 9);
        Assert.Equal(50, readings.Single(r => r.Instrument.Name == "workflow.stage.tasks" && r.Has([("workflow.task.result", "success")])).Value);

        // The next collection sums anew.
        stage.CompleteTasks(10);
        Assert.Equal(60, fixture.Sum("workflow.stage.tasks", ("workflow.task.result", "success")));
    }

    [Fact]
    public void Collect_RightAfterAnotherThatReadsLess_SeesAllThatWasDoneBefore()
    {
        using var fixture = new TrackerFixture();
        var stage = fixture.Tracker.StartWorkflow("w").StartStage("s");
        var done = 0;
        foreach (var alone in (string[])["workflow.stage.tasks", "workflow.stage.throughput", "workflow.stage.wait_time"])
        {
            using var other = new MeterListener
            {
                InstrumentPublished = (instrument, listener) =>
                {
                    if (instrument.Name == alone && instrument.Meter.Name.EndsWith(fixture.Suffix, StringComparison.Ordinal))
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                },
            };
            other.Start();
            other.RecordObservableInstruments();
            stage.CompleteTasks(10);
            done += 10;
            Assert.Equal(done, fixture.Sum("workflow.stage.tasks", ("workflow.task.result", "success")));
        }

        // What is shared within a collection relies on this order.
        Assert.Equal(
            ["workflow.stage.tasks", "workflow.stage.task.attempts", "workflow.stage.throughput", "workflow.stage.wall_time", "workflow.stage.wait_time"],
            fixture.Collect().Select(r => r.Instrument.Name).Distinct().SkipWhile(name => name != "workflow.stage.tasks").Take(5));
    }

    [Fact]
    public void ShownRun_ReadByTwoCollectors_KeepsEachStagesLabels()
    {
        using var fixture = new TrackerFixture();
        var run = fixture.Tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = [.. Enumerable.Range(1, 60).Select(i => new PlannedStage($"s{i}"))] });
        for (var round = 0; round < 50; round++)
        {
            var shown = new ShownRun(run.Live);
            Parallel.For(0, 4, _ => Assert.All(shown.Status(0).Stages, s => Assert.Contains(new("workflow.stage.name", s.Name), shown.StageTags(shown.Status(0), s))));
        }
    }
}
