using System.Diagnostics.Metrics;
using ProgressTelemetry.Tracking;
using static ProgressTelemetry.Instrumentation.SignalNames;

namespace ProgressTelemetry.Instrumentation;

/// <summary>
/// The instruments of the meter <c>ProgressTelemetry</c>: exact, and bounded by definitions. All but the histograms read the tracker's own state when somebody collects.
/// </summary>
internal sealed class TrackerInstruments : IDisposable
{
    private readonly ProgressTracker _tracker;
    private readonly ShownRuns _shown;
    private readonly Meter _meter;
    private readonly Histogram<double> _runDuration;
    private readonly Histogram<double> _stageDuration;
    private readonly Histogram<double> _taskDuration;
    private readonly KeyValuePair<string, object?>[][] _errorTags =
        [.. TrackerErrors.Kinds.Select(kind => new KeyValuePair<string, object?>[] { new(Attributes.ErrorType, kind) })];

    public TrackerInstruments(ProgressTracker tracker, ShownRuns shown, string meterName, IEnumerable<KeyValuePair<string, object?>>? meterTags)
    {
        _tracker = tracker;
        _shown = shown;
        _meter = Instruments.NewMeter(meterName, meterTags);

        // The first callback of a collection decides which runs are shown, so that both meters tell of the same ones.
        Observe(SignalNames.Tracker.Heartbeat, Heartbeat);
        Observe(SignalNames.Tracker.Errors, Errors);
        Observe(SignalNames.Tracker.RunActive, () => OfWorkflows(w => w.ActiveRuns));
        Observe(SignalNames.Tracker.RunHidden, Hidden);
        Observe(SignalNames.Tracker.RunStalls, () => OfWorkflows(w => w.Stalls));
        Observe(SignalNames.Tracker.RunLastSuccess, LastSuccess);
        Observe(SignalNames.Tracker.StageActive, () => OfStages(s => (long)s.Active));
        Observe(SignalNames.Tracker.StageTasks, Tasks);
        Observe(SignalNames.Tracker.StageRevisions, () => OfStages(s => s.Revisions));
        Observe(SignalNames.Tracker.StageItems, Items);
        Observe(SignalNames.Tracker.StageThroughput, () => OfStages(s => Totals(s).Throughput));
        Observe(SignalNames.Tracker.StageWallTime, () => OfStages(s => Totals(s).Wall));
        Observe(SignalNames.Tracker.StageWaitTime, () => OfStages(s => Totals(s).Wait));
        Observe(SignalNames.Tracker.MilestoneReached, Milestones);
        _runDuration = _meter.Histogram(SignalNames.Tracker.RunDuration, 1, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 86400);
        _stageDuration = _meter.Histogram(SignalNames.Tracker.StageDuration, .1, .5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 28800);
        _taskDuration = _meter.Histogram(SignalNames.Tracker.TaskDuration, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800);
    }

    public void RunEnded(RunState run, KeyValuePair<string, object?>[] tags)
    {
        if (_runDuration.Enabled)
        {
            // The run's own trace is the exemplar that a reader of this histogram wants.
            using var _ = run.Activity.AsCurrent();
            Record(_runDuration, run.Clock.Seconds(run.StartedAt, run.EndedAt!.Value), tags);
        }
    }

    public void StageEnded(double seconds, KeyValuePair<string, object?>[] tags, System.Diagnostics.Activity? activity)
    {
        if (_stageDuration.Enabled)
        {
            using var _ = activity.AsCurrent();
            Record(_stageDuration, seconds, tags);
        }
    }

    public void TaskEnded(double seconds, KeyValuePair<string, object?>[] tags) => Record(_taskDuration, seconds, tags);

    public void Dispose() => _meter.Dispose();

    private void Record(Histogram<double> histogram, double seconds, KeyValuePair<string, object?>[] tags)
    {
        try
        {
            histogram.Record(seconds, tags);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A meter's listeners are called here, and what one throws would reach the tracked work.
            _tracker.Errors.Add(TrackerErrors.PublishFailed, "a listener of the meter failed", e);
        }
    }

    private void Observe<T>(string name, Func<IEnumerable<Measurement<T>>> read)
        where T : struct
    {
        var turn = _shown.NewTurn();
        _meter.Observe(name, () =>
        {
            _shown.Begin(turn, mayRotate: true);
            return read();
        });
    }

    private IEnumerable<Measurement<double>> Heartbeat() =>
        [new Measurement<double>(TrackerClock.UnixSeconds(_tracker.Clock.ToWall(_tracker.LastTick)))];

    private IEnumerable<Measurement<long>> Errors()
    {
        for (var i = 0; i < _errorTags.Length; i++)
        {
            yield return new Measurement<long>(_tracker.Errors.Count(i), _errorTags[i]);
        }
    }

    private IEnumerable<Measurement<long>> OfWorkflows(Func<WorkflowDefinition, long> read) =>
        _tracker.Definitions.Workflows.Select(w => new Measurement<long>(read(w), w.Tags));

    private IEnumerable<Measurement<T>> OfStages<T>(Func<StageDefinition, T> read)
        where T : struct =>
        _tracker.Definitions.Stages.Select(s => new Measurement<T>(read(s), s.Tags));

    private StageTotals Totals(StageDefinition stage) => stage.Totals(_shown.Collection);

    private IEnumerable<Measurement<long>> Hidden()
    {
        // A run may have started or ended since the choice.
        var shown = _shown.LiveByWorkflow();
        return OfWorkflows(w => Math.Max(0, w.ActiveRuns - shown.GetValueOrDefault(w)));
    }

    private IEnumerable<Measurement<double>> LastSuccess() =>
        from workflow in _tracker.Definitions.Workflows
        let ticks = workflow.LastSuccessTicks
        where ticks > 0
        select new Measurement<double>(TrackerClock.UnixSeconds(new DateTimeOffset(ticks, TimeSpan.Zero)), workflow.Tags);

    private IEnumerable<Measurement<long>> Tasks()
    {
        var folded = default(ResultTally);
        foreach (var stage in _tracker.Definitions.Stages)
        {
            var tally = Totals(stage).Tasks;
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
                yield return new Measurement<long>(folded[i], _tracker.Definitions.OtherStage!.TaskTags((WorkflowResult)i));
            }
        }
    }

    private IEnumerable<Measurement<long>> Items()
    {
        foreach (var item in _tracker.Definitions.Stages.SelectMany(s => s.Items))
        {
            yield return new Measurement<long>(item.Count, item.Tags);
        }

        if (_tracker.Definitions.OtherItem is { Count: > 0 } other)
        {
            yield return new Measurement<long>(other.Count, other.Tags);
        }
    }

    private IEnumerable<Measurement<long>> Milestones()
    {
        foreach (var milestone in _tracker.Definitions.Workflows.SelectMany(w => w.Milestones))
        {
            yield return new Measurement<long>(milestone.Count, milestone.Tags);
        }

        if (_tracker.Definitions.OtherMilestone is { Count: > 0 } other)
        {
            yield return new Measurement<long>(other.Count, other.Tags);
        }
    }
}
