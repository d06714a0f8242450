using System.Buffers;
using System.Collections.Concurrent;
using ProgressTelemetry.Instrumentation;
using static ProgressTelemetry.Instrumentation.SignalNames;

namespace ProgressTelemetry.Tracking;

/// <summary>
/// A pair of workflow and stage, and all that is counted under it, over all runs. Live runs keep their own counts, which are summed when somebody collects; a run that ends leaves its final ones here.
/// </summary>
internal sealed class StageDefinition
{
    private readonly Lock _gate = new();
    private readonly Lock _summing = new();
    private readonly DefinitionTable _table;
    private readonly List<StageState> _live = [];
    private readonly ConcurrentDictionary<string, NamedCount> _items = new(StringComparer.Ordinal);
    private readonly KeyValuePair<string, object?>[]?[] _taskTags = new KeyValuePair<string, object?>[]?[ResultTally.Size];
    private readonly RecentRate _rate;
    private StageTotals _retired;
    private StageTotals _totals;
    private long _summedFor;
    private long _revisions;
    private int _active;

    public StageDefinition(WorkflowDefinition workflow, string name, DefinitionTable table, long now)
    {
        _table = table;
        Workflow = workflow;
        Name = name;
        Tags = [new(Attributes.Workflow, workflow.Name), new(Attributes.Stage, name)];
        IsOther = table.OtherStage is null;
        StageDuration = new ResultTags(
            table.StageDurationLimit,
            (result, errorType) => errorType is null
                ? [.. Tags, new(Attributes.StageResult, Results.Name(result))]
                : [new(Attributes.ErrorType, errorType), .. Tags, new(Attributes.StageResult, Results.Name(result))],
            table.OtherStage?.StageDuration);
        TaskDuration = new ResultTags(table.TaskDurationLimit, (result, _) => TaskTags(result), table.OtherStage?.TaskDuration);
        _rate = new RecentRate(table.Clock, now);
        TryAddTaskTags(WorkflowResult.Success);
        if (table.TasksLimit.HasPlenty)
        {
            TryAddTaskTags(WorkflowResult.Failure);
            TryAddTaskTags(WorkflowResult.Skip);
        }
    }

    public WorkflowDefinition Workflow { get; }

    public string Name { get; }

    /// <summary>Whether this is the pair that further names are folded into.</summary>
    public bool IsOther { get; }

    public KeyValuePair<string, object?>[] Tags { get; }

    public ResultTags StageDuration { get; }

    public ResultTags TaskDuration { get; }

    public int Active => Volatile.Read(ref _active);

    public long Revisions => Volatile.Read(ref _revisions);

    public IEnumerable<NamedCount> Items => _items.Values;

    public void AttemptStarted() => Interlocked.Increment(ref _active);

    public void AttemptEnded() => Interlocked.Decrement(ref _active);

    public void Revised() => Interlocked.Increment(ref _revisions);

    public NamedCount Item(string kind)
    {
        if (_items.TryGetValue(kind, out var known))
        {
            return known;
        }

        return IsOther || !_table.ItemLimit.TryTake()
            ? _table.OtherItem
            : _items.GetOrAdd(kind, k => new NamedCount([new(Attributes.ItemKind, k), .. Tags]));
    }

    /// <summary>The label set of a result's counter; null when it is folded into the other pair's.</summary>
    public KeyValuePair<string, object?>[]? TaskTagsOrFolded(WorkflowResult result, bool used)
    {
        var tags = _taskTags[(int)result];
        if (tags is null && used && !IsOther)
        {
            lock (_gate)
            {
                tags = TryAddTaskTags(result);
            }
        }

        return tags;
    }

    public KeyValuePair<string, object?>[] TaskTags(WorkflowResult result) => [.. Tags, new(Attributes.TaskResult, Results.Name(result))];

    public void Attach(StageState stage)
    {
        lock (_gate)
        {
            stage.LiveIndex = _live.Count;
            _live.Add(stage);
        }
    }

    /// <summary>Takes over the final counts of a stage whose run has ended.</summary>
    public void Retire(StageState stage, long now)
    {
        lock (_gate)
        {
            var last = _live[^1];
            _live[stage.LiveIndex] = last;
            last.LiveIndex = stage.LiveIndex;
            _live.RemoveAt(_live.Count - 1);
            stage.AddTo(ref _retired, now);
        }
    }

    /// <summary>The sums over all runs, ended and live. The runs are walked once in each <paramref name="collection"/>, however many instruments read from it.</summary>
    public StageTotals Totals(long collection)
    {
        lock (_summing)
        {
            if (collection != _summedFor)
            {
                // Read under the lock: of two collections at once, the second must not sum at an earlier moment.
                var now = _table.Clock.Now;
                var sum = Sum(now);

                // A counter must not fall by a rounding error: runs that end change the order in which seconds are added up, and an end may bear a moment from before the last sum.
                sum.Wall = Math.Max(sum.Wall, _totals.Wall);
                sum.Wait = Math.Max(sum.Wait, _totals.Wait);
                _totals = sum;
                _totals.Throughput = _rate.Next(_totals.Tasks.Total, now);
                _summedFor = collection;
            }

            return _totals;
        }
    }

    private StageTotals Sum(long now)
    {
        // Only the copy is made under the lock. A stage that ends after the copy keeps its final counts, so the sum is exact and never runs backwards.
        StageTotals totals;
        StageState[] live;
        int count;
        lock (_gate)
        {
            totals = _retired;
            count = _live.Count;
            live = ArrayPool<StageState>.Shared.Rent(count);
            _live.CopyTo(live);
        }

        foreach (var stage in live.AsSpan(0, count))
        {
            stage.AddTo(ref totals, now);
        }

        ArrayPool<StageState>.Shared.Return(live, clearArray: true);
        return totals;
    }
    private KeyValuePair<string, object?>[]? TryAddTaskTags(WorkflowResult result)
    {
        ref var tags = ref _taskTags[(int)result];
        if (tags is null && !IsOther && _table.TasksLimit.TryTake())
        {
            tags = TaskTags(result);
        }

        return tags;
    }
}
