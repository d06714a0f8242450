using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using static ProgressTelemetry.Instrumentation.SignalNames;

namespace ProgressTelemetry.Tracking;

/// <summary>All workflows and stages by name, bounded: past the limit, names share the pair <c>_other</c>.</summary>
internal sealed class DefinitionTable
{
    private readonly ConcurrentDictionary<string, WorkflowDefinition> _workflows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(WorkflowDefinition Workflow, string Stage), StageDefinition> _stages = new();
    private readonly Lock _gate = new();
    private readonly TrackerErrors _errors;
    private readonly int _max;

    // Read for each run of a folded name too, when ConcurrentDictionary.Count would lock all its buckets.
    private int _workflowCount;
    private int _stageCount;

    public DefinitionTable(int max, TrackerErrors errors, TrackerClock clock)
    {
        (_max, _errors, Clock) = (max, errors, clock);
        RunDurationLimit = new(Tracker.RunDuration, errors);
        StageDurationLimit = new(Tracker.StageDuration, errors);
        TaskDurationLimit = new(Tracker.TaskDuration, errors);
        TasksLimit = new(Tracker.StageTasks, errors);
        ItemLimit = new(Tracker.StageItems, errors);
        MilestoneLimit = new(Tracker.MilestoneReached, errors);
        OtherMilestone = new([new(Attributes.Milestone, Other), new(Attributes.Workflow, Other)]);
        OtherItem = new([new(Attributes.ItemKind, Other), new(Attributes.Workflow, Other), new(Attributes.Stage, Other)]);
        OtherWorkflow = new WorkflowDefinition(Other, this);
        OtherStage = new StageDefinition(OtherWorkflow, Other, this, clock.Now);
    }

    public TrackerClock Clock { get; }

    public SeriesLimit RunDurationLimit { get; }

    public SeriesLimit StageDurationLimit { get; }

    public SeriesLimit TaskDurationLimit { get; }

    public SeriesLimit TasksLimit { get; }

    public SeriesLimit ItemLimit { get; }

    public SeriesLimit MilestoneLimit { get; }

    public NamedCount OtherMilestone { get; }

    public NamedCount OtherItem { get; }

    // Null only while this table makes them.
    [MaybeNull]
    public WorkflowDefinition OtherWorkflow { get; }

    [MaybeNull]
    public StageDefinition OtherStage { get; }

    /// <summary>All workflows; the one for folded names once something was folded into it.</summary>
    public IEnumerable<WorkflowDefinition> Workflows
    {
        get
        {
            foreach (var pair in _workflows)
            {
                yield return pair.Value;
            }

            if (IsFolding)
            {
                yield return OtherWorkflow!;
            }
        }
    }

    /// <summary>All pairs of workflow and stage; the one for folded names once something was folded into it.</summary>
    public IEnumerable<StageDefinition> Stages
    {
        get
        {
            foreach (var pair in _stages)
            {
                yield return pair.Value;
            }

            if (IsFolding)
            {
                yield return OtherStage!;
            }
        }
    }

    public bool IsFolding { get; private set; }

    public WorkflowDefinition Workflow(string name)
    {
        if (_workflows.TryGetValue(name, out var known))
        {
            return known;
        }

        if (name == Other)
        {
            return Fold(OtherWorkflow!, name);
        }

        lock (_gate)
        {
            if (_workflows.TryGetValue(name, out known))
            {
                return known;
            }

            if (_workflowCount >= _max)
            {
                return Fold(OtherWorkflow!, name);
            }

            _workflowCount++;
            return _workflows[name] = new WorkflowDefinition(name, this);
        }
    }

    public StageDefinition Stage(WorkflowDefinition workflow, string name)
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

            if (_stageCount >= _max || ReferenceEquals(workflow, OtherWorkflow))
            {
                return Fold(OtherStage!, $"{workflow.Name}/{name}");
            }

            _stageCount++;
            return _stages[(workflow, name)] = new StageDefinition(workflow, name, this, Clock.Now);
        }
    }

    private T Fold<T>(T other, string name)
    {
        IsFolding = true;
        _errors.Add(TrackerErrors.DefinitionFolded, $"there are {_max} definitions (MaxDefinitions); '{name}' and further names are counted as '{Other}'");
        return other;
    }
}
