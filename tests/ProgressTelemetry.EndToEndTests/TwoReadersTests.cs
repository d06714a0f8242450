using OpenTelemetry.Metrics;
using ProgressTelemetry.EndToEndTests.Tools;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>
/// An SDK never frees a label set but with its meter, and after 2,000 of an instrument merges all others into one. Ten thousand runs go through one app that is scraped by Prometheus' endpoint and pushes by OTLP, both of them the
/// official ones: each sees the runs that should be shown, and no others.
/// </summary>
public sealed class TwoReadersTests
{
    private const int Waves = 100, RunsAWave = 100;
    private static readonly TimeSpan Wave = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Retention = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(MetricReaderTemporalityPreference.Cumulative)]
    [InlineData(MetricReaderTemporalityPreference.Delta)]
    public async Task Collect_TenThousandRuns_BothReadersSeeThoseThatAreShown(MetricReaderTemporalityPreference temporality)
    {
        await using var app = await TwoReadersApp.StartAsync(FreePort.Take(1)[0], temporality, o => o.EndedRunRetention = Retention);
        List<string> endedBefore = [], pushedBefore = [];
        double pushedTasks = 0;
        for (var wave = 0; wave < Waves; wave++)
        {
            var runs = Enumerable.Range(0, RunsAWave).Select(_ => app.Tracker.StartWorkflow("w", new() { Stages = [new("s", 2)] })).ToList();
            runs.ForEach(run => run.StartStage("s").CompleteTasks(2));
            app.Clock.Advance(Wave);

            // Live ones, and those that ended with the wave before: 20 s ago, where the wave before that ended 40 s ago.
            var expected = runs.Select(run => run.Id).Concat(endedBefore).Order(StringComparer.Ordinal);
            var scraped = await app.ScrapeAsync();
            var pushed = await app.PushAsync();
            Assert.Equal(expected, RunIds(pushed, "workflow.run.state", "workflow.run.id"));

            // The SDK records what one reader asks for with every reader: what was pushed with the wave before is in one more scrape.
            Assert.Equal(expected.Union(pushedBefore).Order(StringComparer.Ordinal), RunIds(scraped, "workflow_run_state", "workflow_run_id"));
            pushedBefore = [.. expected];
            Assert.Equal(runs.Count, Assert.Single(pushed, s => s.Label("__name__") == "workflow.run.active").Value);
            pushedTasks = pushed.Where(IsSuccess).Sum(s => s.Value) + (temporality == MetricReaderTemporalityPreference.Delta ? pushedTasks : 0);
            foreach (var read in (IReadOnlyList<Sample>[])[scraped, pushed])
            {
                Assert.DoesNotContain(read, s => s.Labels.ContainsKey("otel.metric.overflow") || s.Labels.ContainsKey("otel_metric_overflow"));
                Assert.Empty(read.Select(s => string.Join(',', s.Labels.OrderBy(l => l.Key))).GroupBy(labels => labels).Where(same => same.Count() > 1).Select(same => same.Key));
            }

            runs.ForEach(run => run.Complete());
            endedBefore = [.. runs.Select(run => run.Id)];
        }

        Assert.Equal(Waves * RunsAWave * 2, pushedTasks);
        Assert.Equal(Waves * RunsAWave * 2, (await app.ScrapeAsync()).Where(IsSuccess).Sum(s => s.Value));
        Assert.Equal(Waves * RunsAWave, (await app.ScrapeAsync()).Where(s => s.Label("__name__") == "workflow_run_duration_seconds_count").Sum(s => s.Value));
        Assert.Equal(0, (await app.ScrapeAsync()).Where(s => s.Label("__name__") == "progress_tracker_errors_total").Sum(s => s.Value));
    }

    private static IEnumerable<string> RunIds(IReadOnlyList<Sample> read, string instrument, string label) =>
        read.Where(s => s.Label("__name__") == instrument).Select(s => s.Label(label)).Order(StringComparer.Ordinal);

    private static bool IsSuccess(Sample sample) =>
        (sample.Label("__name__"), sample.Label("workflow_task_result"), sample.Label("workflow.task.result"))
            is ("workflow_stage_tasks_total", "success", _) or ("workflow.stage.tasks", _, "success");
}
