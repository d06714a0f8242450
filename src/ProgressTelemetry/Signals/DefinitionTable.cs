using System.Collections.Concurrent;
using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;
using static ProgressTelemetry.Signals.SignalNames;

namespace ProgressTelemetry.Signals;

/// <summary>All workflows and stages by name, bounded: past the limit, names share the pair <c>_other</c>.</summary>
internal sealed class DefinitionTable
{
    /// <summary>Folded names told apart, so that each is counted once; past it each use is counted.</summary>
    private const int MostFoldedNames = 100_000;

    private readonly ConcurrentDictionary<string, WorkflowDefinition> _workflows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(WorkflowDefinition Workflow, string Stage), StageDefinition> _stages = new();
    private readonly HashSet<int> _folded = [];
    private readonly Lock _gate = new();
    private readonly TrackerErrors _errors;
    private readonly TrackerClock _clock;
    private readonly SeriesLimit _runDurations;
    private readonly SeriesLimit _milestones;
    private readonly StageLimits _limits;
    private readonly int _max;

    // Read for each run of a folded name too, when ConcurrentDictionary.Count would lock all its buckets.
    private int _workflowCount;
    private int _stageCount;

    public DefinitionTable(int max, TrackerErrors errors, TrackerClock clock)
    {
        (_max, _errors, _clock) = (max, errors, clock);
        _runDurations = new(Tracker.RunDuration, errors);
        _milestones = new(Tracker.MilestoneReached, errors);
        _limits = new StageLimits(errors);
        OtherMilestone = new([new(Attributes.Milestone, Other), new(Attributes.Workflow, Other)]);
        OtherWorkflow = NewWorkflow(Other, folded: null);
        OtherStage = new StageDefinition(OtherWorkflow, Other, _limits, folded: null, clock);
    }

    public NamedCount OtherMilestone { get; }

    public NamedCount OtherItem => _limits.OtherItem;

    public WorkflowDefinition OtherWorkflow { get; }

    public StageDefinition OtherStage { get; }

    public bool IsFolding { get; private set; }

    /// <summary>All workflows; the one for folded names once something was folded into it.</summary>
    public IEnumerable<WorkflowDefinition> Workflows => _workflows.Select(pair => pair.Value).Concat(IsFolding ? [OtherWorkflow] : []);

    /// <summary>All pairs of workflow and stage; the one for folded names once something was folded into it.</summary>
    public IEnumerable<StageDefinition> Stages => _stages.Select(pair => pair.Value).Concat(IsFolding ? [OtherStage] : []);

    /// <summary>The definition of a run's workflow.</summary>
    public WorkflowDefinition Of(LiveRun run) => (WorkflowDefinition)(run.Definition ??= Workflow(run.Workflow));

    /// <summary>The definition of a run's stage.</summary>
    public StageDefinition Of(LiveRun run, Stage stage) => (StageDefinition)(stage.Definition ??= Stage(Of(run), stage.Name));

    private WorkflowDefinition Workflow(string name)
    {
        if (_workflows.TryGetValue(name, out var known))
        {
            return known;
        }

        lock (_gate)
        {
            if (_workflows.TryGetValue(name, out known))
            {
                return known;
            }

            if (name != Other && _workflowCount < _max)
            {
                _workflowCount++;
                return _workflows[name] = NewWorkflow(name, OtherWorkflow.RunDuration);
            }
        }

        Fold(name);
        return OtherWorkflow;
    }

    private StageDefinition Stage(WorkflowDefinition workflow, string name)
    {
        if (_stages.TryGetValue((workflow, name), out var known))
        {
            return known;
        }

        lock (_gate)
        {
            if (_stages.TryGetValue((workflow, name), out known))
            {
                return known;
            }

            if (workflow != OtherWorkflow && _stageCount < _max)
            {
                _stageCount++;
                return _stages[(workflow, name)] = new StageDefinition(workflow, name, _limits, OtherStage, _clock);
            }
        }

        Fold($"{workflow.Name}/{name}");
        return OtherStage;
    }

    private WorkflowDefinition NewWorkflow(string name, ResultTags? folded) =>
        new(name, _runDurations, new NamedCounts(_milestones, OtherMilestone, milestone => [new(Attributes.Milestone, milestone), new(Attributes.Workflow, name)]), folded);

    private void Fold(string name)
    {
        IsFolding = true;
        lock (_gate)
        {
            if (_folded.Count < MostFoldedNames && !_folded.Add(string.GetHashCode(name, StringComparison.Ordinal)))
            {
                return;
            }
        }

        _errors.AddQuietly(TrackerErrors.DefinitionFolded, () => $"there are {_max} definitions (MaxDefinitions); '{name}' and further names are counted as '{Other}'");
    }
}
