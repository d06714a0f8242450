using System.Diagnostics.Metrics;
using ProgressTelemetry.Tracking;
using static ProgressTelemetry.Instrumentation.SignalNames;

namespace ProgressTelemetry.Instrumentation;

/// <summary>The gauges of the meter <c>ProgressTelemetry.Runs</c>: one series a shown run (or its stage, milestone, estimate). The meter is made anew now and then; see <see cref="ShownRuns"/>.</summary>
internal sealed class RunInstruments : IDisposable
{
    private readonly ShownRuns _shown;
    private readonly string _meterName;
    private readonly KeyValuePair<string, object?>[]? _meterTags;
    private readonly int _firstTurn;
    private Meter _meter;

    public RunInstruments(ShownRuns shown, string meterName, KeyValuePair<string, object?>[]? meterTags)
    {
        (_shown, _meterName, _meterTags) = (shown, meterName, meterTags);
        _firstTurn = shown.NewTurn();
        for (var i = 1; i < SignalCatalogue.Runs.Count; i++)
        {
            shown.NewTurn();
        }

        _meter = NewMeter();
    }

    /// <summary>Disposing a meter is what makes an SDK free its label sets.</summary>
    public void Rotate()
    {
        var old = _meter;
        old.Dispose();
        _meter = NewMeter();
    }

    public void Dispose() => _meter.Dispose();

    private Meter NewMeter()
    {
        var meter = Instruments.NewMeter(_meterName, _meterTags);
        var turn = _firstTurn;
        OfRuns(Runs.Info, (run, _) => [new Measurement<double>(1, run.InfoTags())]);
        OfRuns(Runs.State, (run, status) => One(run, (int)status.State));
        OfRuns(Runs.Completion, (run, status) => One(run, status.CompletionRatio));
        OfRuns(Runs.TasksCompleted, (run, status) => One(run, status.CompletedTasks));
        OfRuns(Runs.TasksExpected, (run, status) => One(run, status.ExpectedTasks));
        OfRuns(Runs.Start, (run, status) => One(run, TrackerClock.UnixSeconds(status.StartedAt)));
        OfRuns(Runs.LastProgress, (run, status) => One(run, TrackerClock.UnixSeconds(status.LastProgressAt)));
        OfRuns(Runs.Deadline, (run, status) => One(run, Unix(status.Deadline)));
        OfRuns(Runs.EstimatedEnd, Estimates);
        OfRuns(Runs.StallThreshold, (run, status) => One(run, status.StallThreshold?.TotalSeconds));
        OfStages(Runs.StageState, stage => (int)stage.State);
        OfStages(Runs.StageCompletion, stage => stage.CompletionRatio);
        OfStages(Runs.StageRevisions, stage => stage.Revisions);
        OfRuns(Runs.Milestone, (run, status) => status.Milestones
            .Where(m => m.ReachedAt is not null)
            .Select(m => new Measurement<double>(Unix(m.ReachedAt)!.Value, run.MilestoneTags(m.Name))));
        return meter;

        void OfRuns(string name, Func<ShownRun, WorkflowStatus, IEnumerable<Measurement<double>>> read)
        {
            var own = turn++;
            meter.Observe(name, () =>
            {
                _shown.Begin(own, mayRotate: false);
                return _shown.Current.SelectMany(run => read(run, run.Status));
            });
        }

        void OfStages(string name, Func<StageStatus, double?> read) => OfRuns(name, (run, status) => run.ShowsStages
            ? from stage in status.Stages
              let value = read(stage)
              where value is not null
              select new Measurement<double>(value.Value, run.StageTags(status, stage))
            : []);
    }

    private static IEnumerable<Measurement<double>> Estimates(ShownRun run, WorkflowStatus status)
    {
        if (status.Estimate is { } estimate)
        {
            return
            [
                new(TrackerClock.UnixSeconds(estimate.Expected), run.Estimates[0]),
                new(TrackerClock.UnixSeconds(estimate.Low), run.Estimates[1]),
                new(TrackerClock.UnixSeconds(estimate.High), run.Estimates[2]),
            ];
        }

        // An ended run's forecast is what happened.
        return status.EndedAt is { } ended ? run.Estimates.Select(tags => new Measurement<double>(TrackerClock.UnixSeconds(ended), tags)) : [];
    }

    private static IEnumerable<Measurement<double>> One(ShownRun run, double? value) =>
        value is { } known ? [new Measurement<double>(known, run.Tags)] : [];

    private static double? Unix(DateTimeOffset? moment) => moment is { } known ? TrackerClock.UnixSeconds(known) : null;
}
