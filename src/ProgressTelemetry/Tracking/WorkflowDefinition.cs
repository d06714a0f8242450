using System.Collections.Concurrent;
using ProgressTelemetry.Instrumentation;
using static ProgressTelemetry.Instrumentation.SignalNames;

namespace ProgressTelemetry.Tracking;

/// <summary>A workflow's name and all that is counted under it, over all its runs.</summary>
internal sealed class WorkflowDefinition
{
    private readonly ConcurrentDictionary<string, NamedCount> _milestones = new(StringComparer.Ordinal);
    private readonly DefinitionTable _table;
    private int _activeRuns;
    private long _stalls;
    private long _lastSuccessTicks;

    public WorkflowDefinition(string name, DefinitionTable table)
    {
        Name = name;
        _table = table;
        Tags = [new(Attributes.Workflow, name)];
        RunDuration = new ResultTags(
            table.RunDurationLimit,
            (result, errorType) => errorType is null
                ? [new(Attributes.Workflow, name), new(Attributes.RunResult, Results.Name(result))]
                : [new(Attributes.ErrorType, errorType), new(Attributes.Workflow, name), new(Attributes.RunResult, Results.Name(result))],
            table.OtherWorkflow?.RunDuration);
    }

    public string Name { get; }

    public KeyValuePair<string, object?>[] Tags { get; }

    public ResultTags RunDuration { get; }

    public int ActiveRuns => Volatile.Read(ref _activeRuns);

    public long Stalls => Volatile.Read(ref _stalls);

    /// <summary>The UTC ticks of the last successful end; 0 before the first.</summary>
    public long LastSuccessTicks => Volatile.Read(ref _lastSuccessTicks);

    public IEnumerable<NamedCount> Milestones => _milestones.Values;

    public void RunStarted() => Interlocked.Increment(ref _activeRuns);

    public void RunEnded(bool success, DateTimeOffset at)
    {
        Interlocked.Decrement(ref _activeRuns);
        if (success)
        {
            Volatile.Write(ref _lastSuccessTicks, at.UtcTicks);
        }
    }

    public void Stalled() => Interlocked.Increment(ref _stalls);

    /// <summary>The count of a milestone; it stands at 0 from its declaration.</summary>
    public NamedCount Milestone(string name)
    {
        if (_milestones.TryGetValue(name, out var known))
        {
            return known;
        }

        return ReferenceEquals(this, _table.OtherWorkflow) || !_table.MilestoneLimit.TryTake()
            ? _table.OtherMilestone
            : _milestones.GetOrAdd(name, n => new NamedCount([new(Attributes.Milestone, n), new(Attributes.Workflow, Name)]));
    }
}

/// <summary>A counter with its label set.</summary>
internal sealed class NamedCount(KeyValuePair<string, object?>[] tags)
{
    private long _count;

    public KeyValuePair<string, object?>[] Tags { get; } = tags;

    public long Count => Volatile.Read(ref _count);

    public void Add(long count) => Interlocked.Add(ref _count, count);
}
