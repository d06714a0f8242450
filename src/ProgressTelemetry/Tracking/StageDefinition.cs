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
    private readonly DefinitionTable _table;
    private readonly List<StageState> _live = [];
    private readonly ConcurrentDictionary<string, NamedCount> _items = new(StringComparer.Ordinal);
    private readonly KeyValuePair<string, object?>[]?[] _taskTags = new KeyValuePair<string, object?>[]?[ResultTally.Size];
    private readonly Queue<(long At, long Tasks)> _samples = new();
    private ResultTally _retired;
    private double _retiredWall;
    private double _retiredWait;
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
        _samples.Enqueue((now, 0));
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
    public void Retire(StageState stage, double wall, double wait)
    {
        lock (_gate)
        {
            var last = _live[^1];
            _live[stage.LiveIndex] = last;
            last.LiveIndex = stage.LiveIndex;
            _live.RemoveAt(_live.Count - 1);
            stage.AddTasks(ref _retired);
            _retiredWall += wall;
            _retiredWait += wait;
        }
    }

    /// <summary>Tasks ended so far, by result.</summary>
    public ResultTally Tasks()
    {
        // Only the copy is made under the lock. A stage that ends after the copy keeps its final counts, so the sum is exact and never runs backwards.
        StageState[] live;
        ResultTally tally;
        lock (_gate)
        {
            live = [.. _live];
            tally = _retired;
        }

        foreach (var stage in live)
        {
            stage.AddTasks(ref tally);
        }

        return tally;
    }

    /// <summary>Seconds of wall-clock time and of declared waits so far.</summary>
    public (double Wall, double Wait) Times(long now)
    {
        StageState[] live;
        double wall, wait;
        lock (_gate)
        {
            live = [.. _live];
            (wall, wait) = (_retiredWall, _retiredWait);
        }

        foreach (var stage in live)
        {
            var (w, q) = stage.Run.Times(stage, now);
            wall += w;
            wait += q;
        }

        return (wall, wait);
    }

    /// <summary>Tasks ended per second, over about the last minute of collections; 0 at the very start.</summary>
    public double Throughput(long now, TrackerClock clock)
    {
        const double Window = 60, Spacing = 5;
        var total = Tasks().Total;
        lock (_gate)
        {
            while (_samples.Count > 1 && clock.Seconds(_samples.ElementAt(1).At, now) >= Window)
            {
                _samples.Dequeue();
            }

            var (at, tasks) = _samples.Peek();
            var seconds = clock.Seconds(at, now);
            if (clock.Seconds(_samples.Last().At, now) >= Spacing)
            {
                _samples.Enqueue((now, total));
            }

            // Two collections at once may sum in one order and arrive in the other.
            return seconds > 0 ? Math.Max(0, total - tasks) / seconds : 0;
        }
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
