using ProgressTelemetry.Runtime;
using static ProgressTelemetry.Signals.SignalNames;

namespace ProgressTelemetry.Signals;

/// <summary>A run with series of its own: its label sets, made once, its status, read once a collection, and the meters it is in.</summary>
internal sealed class ShownRun
{
    private static readonly string[] EstimateKinds = ["expected", "low", "high"];
    private readonly Lock _gate = new();
    private readonly List<KeyValuePair<string, object?>[]> _stages = [];
    private readonly Dictionary<string, KeyValuePair<string, object?>[]> _milestones = new(StringComparer.Ordinal);
    private readonly SharedReading<WorkflowStatus> _status;

    public ShownRun(LiveRun run)
    {
        Run = run;
        Tags = [new(Attributes.Workflow, run.Workflow), new(Attributes.RunId, run.Id)];
        Estimates = [.. EstimateKinds.Select(kind => (KeyValuePair<string, object?>[])[new(Attributes.Estimate, kind), .. Tags])];
        List<KeyValuePair<string, object?>> info = [.. Tags];
        if (run.Identity.Parent is { } parent)
        {
            info.Add(new(Attributes.RunParentId, parent.Run.Id));
        }

        if (run.Identity.Version is { } version)
        {
            info.Add(new(Attributes.Version, version));
        }

        if (run.Activity is { Recorded: true } span)
        {
            info.Insert(0, new(Attributes.TraceId, span.TraceId.ToHexString()));
        }

        Info = [.. info];
        _status = new SharedReading<WorkflowStatus>(run.Clock, _ => run.GetStatus(forecasts: false));
    }

    public LiveRun Run { get; }

    public KeyValuePair<string, object?>[] Tags { get; }

    public KeyValuePair<string, object?>[] Info { get; }

    public KeyValuePair<string, object?>[][] Estimates { get; }

    /// <summary>The generation that it is in, by group; null while it is in none. Set by whoever chooses.</summary>
    public MeterGeneration?[] Generations { get; } = new MeterGeneration?[MeterGeneration.Groups];

    /// <summary>How many label sets it has been given, by group.</summary>
    public int[] Weights { get; } = new int[MeterGeneration.Groups];

    /// <summary>How much of the budget it takes: the most of its label sets in any group.</summary>
    public int Weight { get; set; }

    public WorkflowStatus Status(int reader) => _status.Get(reader);

    public KeyValuePair<string, object?>[] StageTags(WorkflowStatus status, StageStatus stage)
    {
        // Two providers collect side by side.
        lock (_gate)
        {
            while (_stages.Count < stage.Index)
            {
                _stages.Add(
                [
                    .. Tags,
                    new(Attributes.StageIndex, RunSpans.IndexLabel(Run, _stages.Count + 1)),
                    new(Attributes.Stage, status.Stages[_stages.Count].Name),
                ]);
            }

            return _stages[stage.Index - 1];
        }
    }

    public KeyValuePair<string, object?>[] MilestoneTags(string milestone)
    {
        lock (_gate)
        {
            if (!_milestones.TryGetValue(milestone, out var tags))
            {
                _milestones[milestone] = tags = [new(Attributes.Milestone, milestone), .. Tags];
            }

            return tags;
        }
    }
}
