using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Input;

/// <summary>Names without end: no instrument gets more label sets than an SDK keeps apart, and no sum loses anything.</summary>
public class FoldingTests
{
    private const int SdkLimit = 2000;

    [Fact]
    public void WorkflowNames_AHundredThousand_AreFolded()
    {
        using var fixture = new TrackerFixture(o => o.HistoryPerWorkflow = 0);
        for (var i = 0; i < 100_000; i++)
        {
            var run = fixture.Tracker.StartWorkflow($"w{i}");
            run.StartStage("s").CompleteTasks(2);
            run.Complete();
        }

        var readings = fixture.Collect();
        AssertBounded(readings);
        Assert.Equal(200_000, Sum(readings, "workflow.stage.tasks"));
        Assert.Equal(0, Sum(readings, "workflow.run.active"));
        Assert.Equal(100_000, readings.Count(r => r.Instrument.Name == "workflow.run.duration"));
        Assert.Equal(100_000, readings.Count(r => r.Instrument.Name == "workflow.stage.duration"));
        Assert.Equal(198_000, readings.Where(r => r.Instrument.Name == "workflow.stage.tasks" && r["workflow.name"] == "_other").Sum(r => r.Value));
        Assert.Single(fixture.Log.Of("progress.tracker.ignored"));
        Assert.True(readings.Single(r => r.Instrument.Name == "progress.tracker.errors" && r["error.type"] == "definition_folded").Value >= 98_990, "each name is counted once, but for those whose hashes collide");
    }

    [Fact]
    public void AllKindsOfNames_Together_AreFolded()
    {
        using var fixture = new TrackerFixture(o => (o.HistoryPerWorkflow, o.MaxDefinitions) = (0, 1900));
        var random = new Random(1);
        var (items, milestones, tasks) = (0, 0, 0);
        var results = Enum.GetValues<WorkflowResult>();
        for (var i = 0; i < 6000; i++)
        {
            var run = fixture.Tracker.StartWorkflow($"w{i % 1000}", new() { Milestones = [new($"m{i}", .5)], ExpectedTasks = 2 });
            milestones++;
            var stage = run.StartStage($"s{i % 3}");
            stage.RecordItems($"kind {i}", 3);
            items += 3;
            foreach (var result in results)
            {
                stage.StartTask().End(result);
                tasks++;
            }

            stage.End(results[random.Next(results.Length)], $"stage error {i}");
            run.End(results[random.Next(results.Length)], $"run error {i}");
        }

        var readings = fixture.Collect();
        AssertBounded(readings);
        Assert.Equal(items, Sum(readings, "workflow.stage.items"));
        Assert.Equal(milestones, Sum(readings, "workflow.milestone.reached"));
        Assert.Equal(tasks, Sum(readings, "workflow.stage.tasks"));
        Assert.Equal(tasks, readings.Count(r => r.Instrument.Name == "workflow.task.duration"));
        foreach (var result in results)
        {
            Assert.Equal(6000, readings.Where(r => r.Instrument.Name == "workflow.stage.tasks" && string.Equals(r["workflow.task.result"], result.ToString(), StringComparison.OrdinalIgnoreCase)).Sum(r => r.Value));
        }
    }

    private static void AssertBounded(IReadOnlyList<Reading> readings)
    {
        foreach (var instrument in readings.GroupBy(r => r.Instrument.Name))
        {
            var sets = instrument.GroupBy(r => string.Join('|', r.Tags.Select(t => $"{t.Key}={t.Value}"))).Count();
            Assert.True(sets < SdkLimit, $"{instrument.Key} has {sets} label sets");
        }

        // An observable instrument that tells a label set twice loses one of the two.
        foreach (var twice in readings.Where(r => r.Instrument.IsObservable).GroupBy(r => r.Instrument.Name + string.Join('|', r.Tags.Select(t => $"{t.Key}={t.Value}"))))
        {
            Assert.Single(twice);
        }
    }

    private static double Sum(IReadOnlyList<Reading> readings, string instrument) => readings.Where(r => r.Instrument.Name == instrument).Sum(r => r.Value);
}
