using System.Diagnostics.Metrics;
using ProgressTelemetry.Runtime;
using static ProgressTelemetry.Signals.SignalNames;

namespace ProgressTelemetry.Signals;

/// <summary>
/// A meter <c>ProgressTelemetry.Runs</c> with one group of the per-run gauges, for the runs that were first shown while it had room. A metrics SDK never frees a label set but with its meter, so a run stays for its life where it
/// was first shown, and a meter whose runs have all gone is disposed. The groups (one series a run; three for the estimate; one a stage; one a milestone) fill up at their own pace, so that a meter is retired only when its own
/// label sets run out.
/// </summary>
internal sealed class MeterGeneration : IDisposable
{
    /// <summary>The groups: one series a run, the estimate, stages, milestones.</summary>
    public const int OfRuns = 0, OfEstimates = 1, OfStages = 2, OfMilestones = 3, Groups = 4;

    private readonly Meter _meter;
    private ShownRun[] _shown = [];
    private int _readers;

    public MeterGeneration(int group, string meterName, IEnumerable<KeyValuePair<string, object?>>? tags)
    {
        Group = group;
        _meter = Instruments.NewMeter(meterName, tags);
        switch (group)
        {
            case OfRuns:
                AddRuns();
                break;
            case OfEstimates:
                _meter.Observe(Runs.EstimatedEnd, () => Shown.SelectMany(Estimates));
                break;
            case OfStages:
                EachStage(Runs.StageState, stage => (int)stage.State);
                EachStage(Runs.StageCompletion, stage => stage.CompletionRatio);
                EachStage(Runs.StageRevisions, stage => stage.Revisions);
                break;
            default:
                EachRun(Runs.Milestone, (run, status) => status.Milestones
                    .Where(m => m.ReachedAt is not null)
                    .Select(m => new Measurement<double>(Unix.Seconds(m.ReachedAt)!.Value, run.MilestoneTags(m.Name))));
                break;
        }
    }

    public int Group { get; }

    /// <summary>Label sets given out in it, those of runs that have gone included.</summary>
    public int Used { get; set; }

    /// <summary>Runs that are in it.</summary>
    public int Members { get; set; }

    /// <summary>Since when it has no runs, on the tracker's clock; null while it has some.</summary>
    public long? EmptySince { get; set; }

    /// <summary>The runs that collections see in it.</summary>
    public ShownRun[] Shown
    {
        get => Volatile.Read(ref _shown);
        set => Volatile.Write(ref _shown, value);
    }

    public void Dispose() => _meter.Dispose();

    private void AddRuns()
    {
        EachRun(Runs.Info, (run, _) => [new Measurement<double>(1, run.Info)]);
        One(Runs.State, status => (int)status.State);
        One(Runs.Completion, status => status.CompletionRatio);
        One(Runs.TasksCompleted, status => status.CompletedTasks);
        One(Runs.TasksExpected, status => status.ExpectedTasks);
        One(Runs.Start, status => Unix.Seconds(status.StartedAt));
        One(Runs.LastProgress, status => Unix.Seconds(status.LastProgressAt));
        One(Runs.Deadline, status => Unix.Seconds(status.Deadline));
        One(Runs.StallThreshold, status => status.StallThreshold?.TotalSeconds);
        One(Runs.Participants, status => status.Participants.Count == 0 ? null : status.Participants.Count(participant => participant.State == ParticipantState.Present));
    }

    private void EachRun(string name, Func<ShownRun, WorkflowStatus, IEnumerable<Measurement<double>>> read)
    {
        // Numbers over all groups: a run's reading is shared by all of them.
        var reader = (Group * 10) + _readers++;
        _meter.Observe(name, () => Shown.SelectMany(run => read(run, run.Status(reader))));
    }

    private void One(string name, Func<WorkflowStatus, double?> read) =>
        EachRun(name, (run, status) => read(status) is { } value ? [new Measurement<double>(value, run.Tags)] : []);

    private void EachStage(string name, Func<StageStatus, double?> read) => EachRun(name, (run, status) =>
        from stage in status.Stages
        where stage.Index <= run.Weights[OfStages]
        let value = read(stage)
        where value is not null
        select new Measurement<double>(value.Value, run.StageTags(status, stage)));

    private static IEnumerable<Measurement<double>> Estimates(ShownRun run)
    {
        if (run.Run.Final is { EndedAt: { } ended })
        {
            // An ended run's forecast is what happened.
            return run.Estimates.Select(tags => new Measurement<double>(Unix.Seconds(ended), tags));
        }

        return run.Run.Read(StatusMaker.EstimateOf) is { } estimate
            ? [new(Unix.Seconds(estimate.Expected), run.Estimates[0]), new(Unix.Seconds(estimate.Low), run.Estimates[1]), new(Unix.Seconds(estimate.High), run.Estimates[2])]
            : [];
    }
}
