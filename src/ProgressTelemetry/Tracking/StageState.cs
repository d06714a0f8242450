using ProgressTelemetry.Estimation;

namespace ProgressTelemetry.Tracking;

/// <summary>A stage of one run, over all its attempts. Guarded by the run's lock.</summary>
internal sealed class StageState(RunState run, string name, int index, StageDefinition definition, StageModel model)
{
    private ResultTally _tally;
    private bool _countsQueued;
    private long _tallied;
    private long _untimedTallied;
    private WorkflowStage[] _attempts = [];
    private long _endedCounts;
    private Dictionary<string, IdentifiedTask>? _tasks;
    private Dictionary<string, (long Count, NamedCount Total)>? _items;

    public RunState Run { get; } = run;

    public string Name { get; } = name;

    /// <summary>From 1.</summary>
    public int Index { get; } = index;

    public StageDefinition Definition { get; } = definition;

    public StageModel Model { get; } = model;

    /// <summary>Where it stands in its definition's list of live stages; guarded by the definition's lock.</summary>
    public int LiveIndex { get; set; }

    /// <summary>When it ran and waited.</summary>
    public StageCourse Course { get; } = new();

    /// <summary>Planned stages that must end before this one starts.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>What was declared; see <see cref="Expected"/>.</summary>
    public long? Declared { get; set; }

    /// <summary>Tasks that attempts announced, those of attempts side by side added up: a part of <see cref="Declared"/>, as <see cref="AnnouncedByLoops"/> is another view of it.</summary>
    public long AnnouncedByAttempts { get; set; }

    /// <summary>Tasks that loops over collections announced, those of loops side by side added up.</summary>
    public long AnnouncedByLoops { get; set; }

    /// <summary>Whether there is a pending call of the listeners that will look at the counts and tell of them. Read without the lock.</summary>
    public bool CountsQueued
    {
        get => Volatile.Read(ref _countsQueued);
        set => Volatile.Write(ref _countsQueued, value);
    }

    /// <summary>Completion of running identified tasks and of a reported fraction, in tasks.</summary>
    public double Partial { get; set; }

    /// <summary>Of <see cref="Partial"/>, the reported fraction's part.</summary>
    public double Fraction { get; set; }

    public long RunningTasks { get; set; }

    /// <summary>Cells of its running attempts' counts.</summary>
    public int Cells
    {
        get
        {
            var cells = 0;
            foreach (var attempt in _attempts)
            {
                cells += attempt.Cells;
            }

            return cells;
        }
    }

    public int Waits { get; set; }

    public long Revisions { get; set; }

    public int AttemptCount { get; set; }

    public long? Started { get; set; }

    public long? Ended { get; set; }

    public WorkflowResult? Result { get; set; }

    /// <summary>Duration of the timed tasks that ended, in the clock's timestamps.</summary>
    public long TimedStamps { get; set; }

    public TimeSpan TimedDuration => Run.Clock.Elapsed(0, TimedStamps);

    public long TimedTasks { get; set; }

    /// <summary>The attempts that are running.</summary>
    public ReadOnlySpan<WorkflowStage> Attempts => _attempts;

    public bool IsActive => _attempts.Length > 0;

    public IReadOnlyDictionary<string, long> Items => _items is null
        ? System.Collections.ObjectModel.ReadOnlyDictionary<string, long>.Empty
        : _items.ToDictionary(i => i.Key, i => i.Value.Count, StringComparer.Ordinal);

    /// <summary>Tasks that were counted, not timed.</summary>
    public long Untimed => _untimedTallied + Counts;

    /// <summary>Tasks that ended.</summary>
    public long Done => _tallied + Counts;

    public long Failed => _tally[(int)WorkflowResult.Failure] + _tally[(int)WorkflowResult.Error] + _tally[(int)WorkflowResult.Timeout];

    public long Skipped => _tally[(int)WorkflowResult.Skip];

    /// <summary>Tasks expected, never less than done; null while unknown. A stage that has ended expects nothing more than it declared, and when it declared nothing, what it did.</summary>
    public long? Expected => Declared is { } declared ? Math.Max(declared, Done) : Result is not null && Done > 0 ? Done : null;

    public double? Completion => Expected switch
    {
        null => null,
        0 => Result is null ? 0 : 1,
        { } expected => Math.Min(1, (Done + Partial) / expected),
    };

    public WorkflowState State
    {
        get
        {
            if (IsActive)
            {
                return IsWaiting ? WorkflowState.Waiting : Run.IsStalled ? WorkflowState.Stalled : WorkflowState.Running;
            }

            return Result is { } result ? Instrumentation.Results.ToState(result) : WorkflowState.Pending;
        }
    }

    /// <summary>Whether it is in a declared wait and no task is known to run that doesn't wait itself: a timed task may declare a wait of its own.</summary>
    public bool IsWaiting => Waits > 0 && Waits >= RunningTasks;

    private long Counts
    {
        get
        {
            var sum = _endedCounts;
            if (Run.AnyCounted)
            {
                foreach (var attempt in _attempts)
                {
                    sum += attempt.Counts;
                }
            }

            return sum;
        }
    }

    public void AddAttempt(WorkflowStage attempt)
    {
        _attempts = [.. _attempts, attempt];
        AttemptCount++;
        Result = null;
        Ended = null;
    }

    /// <summary>Takes over the closed attempt's counts.</summary>
    public void RemoveAttempt(WorkflowStage attempt, long counts)
    {
        _attempts = [.. _attempts.Where(a => a != attempt)];
        _endedCounts += counts;
    }

    public void Tally(WorkflowResult result, long count, bool timed)
    {
        _tally[(int)result] += count;
        _tallied += count;
        if (!timed)
        {
            _untimedTallied += count;
        }
    }

    /// <summary>Adds what the stage has done and taken so far.</summary>
    public void AddTo(ref StageTotals totals, long now)
    {
        lock (Run.Gate)
        {
            for (var i = 0; i < ResultTally.Size; i++)
            {
                totals.Tasks[i] += _tally[i];
            }

            totals.Tasks[(int)WorkflowResult.Success] += Counts;
            var t = Run.Seconds(Run.EndedAt ?? now);
            totals.Wall += Run.Model.WallAt(Model, t);
            totals.Wait += Run.Model.WaitAt(Model, t);
        }
    }

    public IEnumerable<IdentifiedTask> Tasks => _tasks?.Values ?? Enumerable.Empty<IdentifiedTask>();

    public bool Knows(string taskId) => _tasks?.ContainsKey(taskId) == true;

    public void ForgetTasks() => _tasks = null;

    public IdentifiedTask Task(string id)
    {
        _tasks ??= new(StringComparer.Ordinal);
        if (!_tasks.TryGetValue(id, out var task))
        {
            _tasks[id] = task = new IdentifiedTask(id);
        }

        return task;
    }

    /// <summary>False when the kind's total over all runs would leave the range that a double holds exactly.</summary>
    public bool TryAddItems(string kind, long count)
    {
        _items ??= new(StringComparer.Ordinal);
        var entry = _items.TryGetValue(kind, out var known) ? known : (Count: 0, Total: Definition.Item(kind));
        if (entry.Total.Count > Checked.MaxCount - count)
        {
            return false;
        }

        _items[kind] = (entry.Count + count, entry.Total);
        entry.Total.Add(count);
        return true;
    }

    /// <summary>Tells the model of the tasks that were merely counted, as of <paramref name="now"/>.</summary>
    public void Sync(long now)
    {
        if (Started is null)
        {
            return;
        }

        var untimed = Untimed;
        if (untimed > 0)
        {
            var last = Run.StartedAt;
            foreach (var attempt in _attempts)
            {
                last = Math.Max(last, attempt.LastCounted(now));
            }

            Run.Model.Count(Model, untimed, Run.Seconds(Math.Max(last, LastTallied)), Run.Seconds(now));
        }
    }

    /// <summary>When a task was last counted under the run's lock.</summary>
    public long LastTallied { get; set; }
}
