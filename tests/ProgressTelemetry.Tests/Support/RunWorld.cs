using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Tests.Support;

/// <summary>A tracker on a driven clock with one cumulative reader: each collection is looked over for label sets that ran out.</summary>
internal sealed class RunWorld : IDisposable
{
    private readonly string _suffix = MetricsProbe.NewSuffix();
    private readonly MetricsProbe _probe;
    private readonly bool _overflowIsFine;
    private readonly int _budget;

    public RunWorld(ProgressTrackingOptions options, bool overflowIsFine = false)
    {
        _overflowIsFine = overflowIsFine;
        _budget = options.ShownSeriesBudget;
        Tracker = new ProgressTracker(options, Clock, null, null, null, _suffix);
        _probe = new MetricsProbe(_suffix);
    }

    public ManualTimeProvider Clock { get; } = new();

    public ProgressTracker Tracker { get; }

    public List<WorkflowRun> StartRuns(int count, int stages)
    {
        var planned = Enumerable.Range(0, stages).Select(i => new PlannedStage($"stage {i}", 1)).ToArray();
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var run = Tracker.StartWorkflow("w", new WorkflowRunOptions { Stages = planned });
            run.StartStage("stage 0").CompleteTask();
            return run;
        })];
    }

    public Scrape Collect()
    {
        var scrape = _probe.Collect();
        if (!_overflowIsFine)
        {
            Assert.False(scrape.HasOverflow);
            foreach (var instrument in scrape.All.Where(s => s.Labels.ContainsKey("workflow.run.id")).GroupBy(s => s.Name))
            {
                Assert.InRange(instrument.Count(), 1, _budget);
            }
        }

        return scrape;
    }

    public void Dispose()
    {
        _probe.Dispose();
        Tracker.Dispose();
    }
}
