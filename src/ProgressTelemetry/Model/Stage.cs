namespace ProgressTelemetry.Model;

/// <summary>A stage of one run, over all its attempts: the one set of books that status, signals and the estimator read.</summary>
internal sealed class Stage(string name, int index)
{
    private StageAttempt[] _attempts = [];
    private Dictionary<string, IdentifiedTask>? _tasks;
    private Dictionary<string, long>? _items;
    private bool _isCountPending;

    public string Name { get; } = name;

    /// <summary>Its place in the run, from 0, in order of plan or of first start.</summary>
    public int Index { get; } = index;

    public StageCounts Counts { get; } = new();

    public StageTime Time { get; } = new();

    /// <summary>What counts it over all runs; the model only hands it back.</summary>
    public object? Definition { get; set; }

    /// <summary>Its part of the run's sums.</summary>
    public RunTotals.Part Part { get; set; }

    /// <summary>Whether there is a pending call of listeners that will look at the counts and tell of them. Read without the run's lock.</summary>
    public bool IsCountPending
    {
        get => Volatile.Read(ref _isCountPending);
        set => Volatile.Write(ref _isCountPending, value);
    }

    public StageCourse Course { get; } = new();

    public WallKnots Knots { get; } = new(null);

    /// <summary>Planned stages that must end before this one starts.</summary>
    public IReadOnlyList<string> DependsOn { get; set; } = [];

    /// <summary>Whether it was there before its turn came.</summary>
    public bool IsPlanned { get; init; }

    /// <summary>Tasks declared; null while unknown.</summary>
    public long? Declared { get; set; }

    /// <summary>How many tasks an attempt has that doesn't say: what was planned, or what the attempt before announced.</summary>
    public long? PerAttempt { get; set; }

    /// <summary>Tasks that attempts announced, those of attempts side by side added up: a part of <see cref="Declared"/>, as <see cref="AnnouncedByLoops"/> is another view of it.</summary>
    public long AnnouncedByAttempts { get; set; }

    /// <summary>Tasks that loops over collections announced, those of loops side by side added up.</summary>
    public long AnnouncedByLoops { get; set; }

    /// <summary>Tasks that are timed or identified, and running.</summary>
    public int Running { get; set; }

    /// <summary>Sum of the start times of the running tasks, s.</summary>
    public double SumStarted { get; set; }

    /// <summary>Whether a task was ever timed: then its tasks, not the stage, are what runs.</summary>
    public bool IsTimed { get; set; }

    /// <summary>Whether anything has happened in it.</summary>
    public bool Begun { get; set; }

    /// <summary>Whether it was left as finished: what it still expected will not come. Starting it again takes that back.</summary>
    public bool Finished { get; set; }

    /// <summary>Declared waits now open.</summary>
    public int Waits { get; set; }

    public long Revisions { get; set; }

    /// <summary>Times that it was started, here or elsewhere: those who are at it side by side started it once.</summary>
    public int AttemptCount { get; set; }

    /// <summary>Times that it was started in this process.</summary>
    public int AttemptsHere { get; private set; }

    public DateTimeOffset? StartedWall { get; set; }

    public DateTimeOffset? EndedWall { get; set; }

    public WorkflowResult? Result { get; set; }

    /// <summary>The attempts that are open.</summary>
    public IReadOnlyList<StageAttempt> Attempts => _attempts;

    public bool IsActive => _attempts.Length > 0;

    /// <summary>What other processes have done and do in it; null while none is known.</summary>
    public StageElsewhere? Elsewhere { get; private set; }

    public bool IsActiveElsewhere => Elsewhere is { IsActive: true };

    /// <summary>Whether anybody is at it.</summary>
    public bool IsOpen => IsActive || IsActiveElsewhere;

    /// <summary>Whether it is in a declared wait and no task is known to run that doesn't wait itself: a timed task may declare a wait of its own.</summary>
    public bool IsWaiting => Waits > 0 && Waits >= Running;

    public int UnitsNow => Waits > 0 ? 0
        : Running > 0 ? Running
        : IsActive && !IsTimed && !Finished ? 1
        : 0;

    public long Done => Counts.Done;

    /// <summary>Tasks expected, never less than done; null while unknown. A stage that has ended expects nothing more than it declared, and when it declared nothing, what it did.</summary>
    public long? Expected => Declared is { } declared ? Math.Max(declared, Done) : Result is not null && Done > 0 ? Done : null;

    /// <summary>The parts of tasks that are done, in tasks.</summary>
    public double PartialWork => Counts.Work(Expected) - Done;

    public double? Completion => Expected switch
    {
        null => null,
        0 => Result?.IsGood() == true ? 1 : 0,
        { } expected => Counts.Work(expected) / expected,
    };

    public WorkflowState State(bool runIsStalled) =>
        IsActive ? (IsWaiting ? WorkflowState.Waiting : runIsStalled ? WorkflowState.Stalled : WorkflowState.Running)
        : IsActiveElsewhere ? (Elsewhere!.IsWaiting ? WorkflowState.Waiting : runIsStalled ? WorkflowState.Stalled : WorkflowState.Running)
        : Result?.ToState() ?? WorkflowState.Pending;

    public IReadOnlyDictionary<string, long> Items => _items is null
        ? System.Collections.ObjectModel.ReadOnlyDictionary<string, long>.Empty
        : new Dictionary<string, long>(_items, StringComparer.Ordinal);

    public IEnumerable<IdentifiedTask> Tasks => _tasks?.Values ?? Enumerable.Empty<IdentifiedTask>();

    /// <summary>Tasks done in this process, since it went on with the run.</summary>
    public long DoneHere => Done - (Elsewhere?.Known.DoneTasks ?? 0);

    /// <summary>
    /// What attempts and loops announce comes on top of this. Not of what was done before this process went on with the run, or is done elsewhere meanwhile: whoever goes on or joins may tell the number of all tasks or of those
    /// that are left. Whoever begins here again what nobody is at tells of those that are left.
    /// </summary>
    public long DoneBefore => IsActiveElsewhere || AttemptsHere <= _attempts.Length ? DoneHere : Done;

    /// <summary>It goes on where others left it.</summary>
    public void Restore(StageShare before) => (Elsewhere = new StageElsewhere(this)).Restore(before);

    /// <summary>Others have gone on with it: what they have done since the last time comes on top. Returns whether they moved.</summary>
    public bool Hear(StageShare others, StageShare? own) => (Elsewhere ??= new StageElsewhere(this)).Hear(others, own);

    public void Open(StageAttempt attempt)
    {
        // Readers of the array of old go on with it.
        _attempts = [.. _attempts, attempt];

        // Whoever joins those who are at it starts nothing anew.
        AttemptCount += AttemptsHere == 0 && IsActiveElsewhere ? 0 : 1;
        AttemptsHere++;
        Result = null;
        EndedWall = null;
        Finished = false;
    }

    public void Close(StageAttempt attempt) => _attempts = [.. _attempts.Where(a => a != attempt)];

    /// <summary>So many tasks are expected in all.</summary>
    public void Declare(long tasks)
    {
        Declared = Math.Max(Math.Min(tasks, Checked.MaxCount), Done);
        PlaceKnots();
    }

    /// <summary>Whether somebody has said how many are expected since that was <paramref name="before"/>: that more are done than were expected, nobody says.</summary>
    public bool IsDeclaredSince(long? before) => Declared != before && !(Declared > before && Declared == Done);

    /// <summary>The wall when tasks were done is a point of the stage's curve.</summary>
    public void Reach(double wall)
    {
        if (Declared < Done)
        {
            Declare(Done);
        }
        else if (Counts.Skipped > 0)
        {
            PlaceKnots();
        }

        Knots.Reach(Done - Counts.Skipped, wall);
    }

    /// <summary>Tasks done at which the wall becomes a point of the curve; <see cref="long.MaxValue"/> when none is left.</summary>
    public long NextKnot => Knots.Next == long.MaxValue ? long.MaxValue : Knots.Next + Counts.Skipped;

    // The curve is of the tasks that are work: skipped ones take no time.
    private void PlaceKnots()
    {
        if (Declared - Counts.Skipped is > 0 and { } tasks)
        {
            Knots.Resize(tasks);
        }
    }

    public IdentifiedTask? Find(string taskId) => _tasks?.GetValueOrDefault(taskId);

    public IdentifiedTask Task(string id)
    {
        _tasks ??= new(StringComparer.Ordinal);
        if (!_tasks.TryGetValue(id, out var task))
        {
            _tasks[id] = task = new IdentifiedTask(id);
        }

        return task;
    }

    public void ForgetTasks() => _tasks = null;

    public bool TryAddItems(string kind, long count)
    {
        _items ??= new(StringComparer.Ordinal);
        var before = _items.GetValueOrDefault(kind);
        if (before > Checked.MaxCount - count)
        {
            return false;
        }

        _items[kind] = before + count;
        return true;
    }
}
