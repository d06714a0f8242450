using ProgressTelemetry.Tracking;
using static ProgressTelemetry.Instrumentation.SignalNames;

namespace ProgressTelemetry.Instrumentation;

/// <summary>A run with series of its own: its label sets, made once, and its status, read once a collection.</summary>
internal sealed class ShownRun
{
    private static readonly string[] EstimateKinds = ["expected", "low", "high"];
    private readonly Lock _gate = new();
    private readonly List<KeyValuePair<string, object?>[]> _stages = [];
    private readonly Dictionary<string, KeyValuePair<string, object?>[]> _milestones = new(StringComparer.Ordinal);
    private KeyValuePair<string, object?>[]? _info;
    private WorkflowStatus? _status;

    public ShownRun(RunState run, bool showsStages)
    {
        Run = run;
        ShowsStages = showsStages;
        Tags = [new(Attributes.Workflow, run.Workflow), new(Attributes.RunId, run.Id)];
        Estimates = [.. EstimateKinds.Select(kind => (KeyValuePair<string, object?>[])[new(Attributes.Estimate, kind), .. Tags])];
    }

    public RunState Run { get; }

    /// <summary>False for a run with more stages than the whole budget.</summary>
    public bool ShowsStages { get; }

    public KeyValuePair<string, object?>[] Tags { get; }

    public KeyValuePair<string, object?>[][] Estimates { get; }

    public WorkflowStatus Status => _status ??= Run.Peek(Run.Clock.Now);

    /// <summary>Forgets the status of the collection before.</summary>
    public ShownRun Again()
    {
        _status = null;
        return this;
    }

    public KeyValuePair<string, object?>[] InfoTags()
    {
        if (_info is null)
        {
            List<KeyValuePair<string, object?>> tags = [.. Tags];
            if (Status.TraceId is { } trace)
            {
                tags.Insert(0, new(Attributes.TraceId, trace));
            }

            if (Status.Version is { } version)
            {
                tags.Add(new(Attributes.Version, version));
            }

            _info = [.. tags];
        }

        return _info;
    }

    public KeyValuePair<string, object?>[] StageTags(WorkflowStatus status, StageStatus stage)
    {
        // Two providers collect side by side.
        lock (_gate)
        {
            while (_stages.Count < stage.Index)
            {
                _stages.Add([.. Tags, new(Attributes.StageIndex, Run.IndexLabel(_stages.Count + 1)), new(Attributes.Stage, status.Stages[_stages.Count].Name)]);
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
