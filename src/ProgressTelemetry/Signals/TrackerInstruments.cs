using System.Diagnostics.Metrics;
using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;
using static ProgressTelemetry.Signals.SignalNames;

namespace ProgressTelemetry.Signals;

/// <summary>
/// The instruments of the meter <c>ProgressTelemetry</c>: exact, and bounded by definitions. All but the histograms read the tracker's own state when somebody collects.
/// </summary>
internal sealed class TrackerInstruments : IDisposable
{
    private readonly DefinitionTable _definitions;
    private readonly RunServices _services;
    private readonly ShownRuns _shown;
    private readonly Func<long> _lastTick;
    private readonly Meter _meter;
    private readonly KeyValuePair<string, object?>[][] _errorTags =
        [.. TrackerErrors.Kinds.Select(kind => new KeyValuePair<string, object?>[] { new(Attributes.ErrorType, kind) })];

    private int _readers;

    public TrackerInstruments(RunServices services, DefinitionTable definitions, ShownRuns shown, Func<long> lastTick, string meterName, IEnumerable<KeyValuePair<string, object?>>? meterTags)
    {
        (_services, _definitions, _shown, _lastTick) = (services, definitions, shown, lastTick);
        _meter = Instruments.NewMeter(meterName, meterTags);
        _meter.Observe(Tracker.Heartbeat, Heartbeat);
        _meter.Observe(Tracker.Errors, Errors);
        _meter.Observe(Tracker.RunActive, () => OfWorkflows(w => w.ActiveRuns));
        _meter.Observe(Tracker.RunHidden, Hidden);
        _meter.Observe(Tracker.RunStalls, () => OfWorkflows(w => w.Stalls));
        _meter.Observe(Tracker.RunLastSuccess, LastSuccess);
        _meter.Observe(Tracker.StageActive, () => OfStages(s => (long)s.Active));
        _meter.Observe(Tracker.StageRevisions, () => OfStages(s => s.Revisions));
        _meter.Observe(Tracker.StageItems, () => Named(_definitions.Stages.SelectMany(s => s.Items.All), _definitions.OtherItem));
        _meter.Observe(Tracker.MilestoneReached, () => Named(_definitions.Workflows.SelectMany(w => w.Milestones.All), _definitions.OtherMilestone));
        var tasks = _readers++;
        _meter.Observe(Tracker.StageTasks, () => Tasks(tasks));
        OfTotals(Tracker.TaskAttempts, totals => totals.FailedAttempts);
        OfTotals(Tracker.StageThroughput, totals => totals.Throughput);
        OfTotals(Tracker.StageWallTime, totals => totals.Wall);
        OfTotals(Tracker.StageWaitTime, totals => totals.Wait);
        RunDuration = _meter.Histogram(Tracker.RunDuration, 1, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 86400);
        StageDuration = _meter.Histogram(Tracker.StageDuration, .1, .5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 28800);
        TaskDuration = _meter.Histogram(Tracker.TaskDuration, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800);
    }

    public Histogram<double> RunDuration { get; }

    public Histogram<double> StageDuration { get; }

    public Histogram<double> TaskDuration { get; }

    public void Dispose() => _meter.Dispose();

    private void OfTotals<T>(string name, Func<StageTotals, T> read)
        where T : struct
    {
        var reader = _readers++;
        _meter.Observe(name, () => OfStages(s => read(s.Totals(reader))));
    }

    private IEnumerable<Measurement<double>> Heartbeat() => [new Measurement<double>(Unix.Seconds(_services.Clock.ToWall(_lastTick())))];

    private IEnumerable<Measurement<long>> Errors()
    {
        for (var i = 0; i < _errorTags.Length; i++)
        {
            yield return new Measurement<long>(_services.Errors.Count(i), _errorTags[i]);
        }
    }

    private IEnumerable<Measurement<long>> OfWorkflows(Func<WorkflowDefinition, long> read) =>
        _definitions.Workflows.Select(w => new Measurement<long>(read(w), w.Tags));

    private IEnumerable<Measurement<T>> OfStages<T>(Func<StageDefinition, T> read)
        where T : struct =>
        _definitions.Stages.Select(s => new Measurement<T>(read(s), s.Tags));

    private IEnumerable<Measurement<long>> Hidden()
    {
        // A run may have started or ended since the choice.
        var shown = _shown.LiveByWorkflow;
        return OfWorkflows(w => Math.Max(0, w.ActiveRuns - shown.GetValueOrDefault(w)));
    }

    private IEnumerable<Measurement<double>> LastSuccess() =>
        from workflow in _definitions.Workflows
        let ticks = workflow.LastSuccessTicks
        where ticks > 0
        select new Measurement<double>(Unix.Seconds(new DateTimeOffset(ticks, TimeSpan.Zero)), workflow.Tags);

    private IEnumerable<Measurement<long>> Tasks(int reader)
    {
        var folded = default(ResultTally);
        foreach (var stage in _definitions.Stages)
        {
            var tally = stage.Totals(reader).Tasks;
            for (var i = 0; i < ResultTally.Size; i++)
            {
                if (stage.TaskTagsOrFolded((WorkflowResult)i, used: tally[i] > 0) is { } tags)
                {
                    yield return new Measurement<long>(tally[i], tags);
                }
                else
                {
                    folded[i] += tally[i];
                }
            }
        }

        for (var i = 0; i < ResultTally.Size; i++)
        {
            if (folded[i] > 0)
            {
                yield return new Measurement<long>(folded[i], _definitions.OtherStage.TaskTags((WorkflowResult)i));
            }
        }
    }

    private static IEnumerable<Measurement<long>> Named(IEnumerable<NamedCount> counts, NamedCount other) =>
        counts.Concat(other.Count > 0 ? [other] : []).Select(count => new Measurement<long>(count.Count, count.Tags));
}
