using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;
using static ProgressTelemetry.Signals.SignalNames;

namespace ProgressTelemetry.Signals;

/// <summary>
/// A pair of workflow and stage, and all that is counted under it, over all runs. Live runs keep their own counts, which are summed when somebody collects; a run that ends leaves its final ones here.
/// </summary>
internal sealed class StageDefinition
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Stage, LiveRun> _live = [];
    private readonly SeriesLimit _tasksLimit;
    private readonly KeyValuePair<string, object?>[]?[] _taskTags = new KeyValuePair<string, object?>[]?[ResultTally.Size];
    private readonly bool[] _isFolded = new bool[ResultTally.Size];
    private readonly RecentRate _rate;
    private StageTotals _retired;
    private readonly SharedReading<StageTotals> _reading;
    private StageTotals _latest;
    private long _revisions;
    private int _active;

    public StageDefinition(WorkflowDefinition workflow, string name, StageLimits limits, StageDefinition? folded, TrackerClock clock)
    {
        Workflow = workflow;
        Name = name;
        IsOther = folded is null;
        _tasksLimit = limits.Tasks;
        Tags = [new(Attributes.Workflow, workflow.Name), new(Attributes.Stage, name)];
        StageDuration = new ResultTags(
            limits.StageDuration,
            (result, errorType) => errorType is null
                ? [.. Tags, new(Attributes.StageResult, result.Name())]
                : [new(Attributes.ErrorType, errorType), .. Tags, new(Attributes.StageResult, result.Name())],
            folded?.StageDuration);
        TaskDuration = new ResultTags(limits.TaskDuration, (result, _) => TaskTags(result), folded?.TaskDuration);
        Items = new NamedCounts(limits.Items, limits.OtherItem, kind => [new(Attributes.ItemKind, kind), .. Tags]);
        _rate = new RecentRate(clock, clock.Now);
        _reading = new SharedReading<StageTotals>(clock, Read);
        TryAddTaskTags(WorkflowResult.Success);
        if (_tasksLimit.HasPlenty)
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

    public NamedCounts Items { get; }

    public int Active => Volatile.Read(ref _active);

    public long Revisions => Volatile.Read(ref _revisions);

    public void AttemptStarted() => Interlocked.Increment(ref _active);

    public void AttemptEnded() => Interlocked.Decrement(ref _active);

    public void Revised() => Interlocked.Increment(ref _revisions);

    /// <summary>The label set of a result's counter; null when it is folded into the other pair's.</summary>
    public KeyValuePair<string, object?>[]? TaskTagsOrFolded(WorkflowResult result, bool used)
    {
        if (_taskTags[(int)result] is { } tags || !used || IsOther)
        {
            return _taskTags[(int)result];
        }

        lock (_gate)
        {
            return TryAddTaskTags(result);
        }
    }

    public KeyValuePair<string, object?>[] TaskTags(WorkflowResult result) => [.. Tags, new(Attributes.TaskResult, result.Name())];

    public void Attach(LiveRun run, Stage stage)
    {
        lock (_gate)
        {
            _live[stage] = run;
        }
    }

    /// <summary>Takes over the final counts of a stage whose run has ended.</summary>
    public void Retire(LiveRun run, Stage stage)
    {
        lock (_gate)
        {
            if (_live.Remove(stage))
            {
                _retired.Add(run, stage);
            }
        }
    }

    /// <summary>The sums over all runs, ended and live, for an instrument by its number.</summary>
    public StageTotals Totals(int reader) => _reading.Get(reader);

    private StageTotals Read(long now)
    {
        var sum = Sum();

        // A counter must not fall by a rounding error: runs that end change the order in which seconds are added up.
        sum.Wall = Math.Max(sum.Wall, _latest.Wall);
        sum.Wait = Math.Max(sum.Wait, _latest.Wait);
        sum.Throughput = _rate.Next(sum.Tasks.Work, now);
        return _latest = sum;
    }

    private StageTotals Sum()
    {
        // Only the copy is made under the lock. A stage that ends after the copy keeps its final counts, so the sum is exact and never runs backwards.
        StageTotals totals;
        KeyValuePair<Stage, LiveRun>[] live;
        lock (_gate)
        {
            totals = _retired;
            live = [.. _live];
        }

        foreach (var (stage, run) in live)
        {
            totals.Add(run, stage);
        }

        return totals;
    }

    private KeyValuePair<string, object?>[]? TryAddTaskTags(WorkflowResult result)
    {
        ref var tags = ref _taskTags[(int)result];
        if (tags is null && !IsOther && !_isFolded[(int)result])
        {
            if (_tasksLimit.TryTake())
            {
                tags = TaskTags(result);
            }
            else
            {
                _isFolded[(int)result] = true;
                _tasksLimit.Folded();
            }
        }

        return tags;
    }
}
