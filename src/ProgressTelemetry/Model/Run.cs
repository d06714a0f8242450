namespace ProgressTelemetry.Model;

/// <summary>
/// A run as data: its stages, counts, milestones and state. It changes by <see cref="Apply"/> alone and is pure: it knows no lock, clock, log, span or metric. Not thread-safe.
/// </summary>
internal sealed class Run
{
    private readonly StageSet _stages = new();
    private readonly List<StageAttempt> _active = [];
    private readonly bool _isStored;
    private long? _declaredTotal;
    private int _begun;
    private Others _others;

    public Run(RunPlan plan, DateTimeOffset startedWall)
    {
        StartedWall = startedWall;
        Deadline = plan.Deadline;
        StallTimeout = plan.StallTimeout;
        Milestones = new MilestoneSet(plan.Milestones);
        Ledger = new Ledger(_stages.All);
        Silence = new Silence(Ledger, _stages.All);
        Life = new SignsOfLife(this);
        _declaredTotal = plan.ExpectedTasks;
        IsShared = plan.IsShared;
        IsOpenEnded = plan.IsOpenEnded;
        _isStored = plan.IsStored;
    }

    public Ledger Ledger { get; }

    public Silence Silence { get; }

    public SignsOfLife Life { get; }

    public MilestoneSet Milestones { get; }

    public DateTimeOffset StartedWall { get; }

    public DateTimeOffset? Deadline { get; }

    /// <summary>Whether the total is of a whole of which this process does a part.</summary>
    public bool IsShared { get; }

    /// <summary>Whether stages may come of which nobody can tell now: those that are known say nothing of the whole.</summary>
    public bool IsOpenEnded { get; private set; }

    public TimeSpan? StallTimeout { get; }

    public IReadOnlyList<Stage> Stages => _stages.All;

    /// <summary>The attempts at stages that are open, in order of their start.</summary>
    public IReadOnlyList<StageAttempt> Active => _active;

    /// <summary>Profiles of earlier runs, newest first.</summary>
    public ReadOnlySpan<RunProfile> History => _history;

    private RunProfile[] _history = [];

    public WorkflowResult? Result { get; private set; }

    public string? ErrorType { get; private set; }

    public double EndedAt { get; private set; }

    public DateTimeOffset? EndedWall { get; private set; }

    /// <summary>Attempts at the whole run, the present one included.</summary>
    public int Attempt { get; private set; } = 1;

    /// <summary>The run's tasks, when a number was declared for the whole run.</summary>
    public long? Total => _declaredTotal;

    /// <summary>Whether stages were there before their turn came: then what is not there will not come. Without a plan, stages that earlier runs had are still to be expected.</summary>
    public bool HasPlan { get; private set; }

    public bool HasBegun => _begun > 0;

    /// <summary>Whether other processes work on it too, as far as was heard.</summary>
    public bool HasOthers => _others != Others.None;

    /// <summary>Whether an attempt at the run failed and the next has not begun: the run waits for it.</summary>
    public bool AwaitsAttempt { get; set; }

    public bool DeadlineMissed { get; set; }

    public bool ForecastIsLate { get; set; }

    public bool ForecastWasLate { get; set; }

    public RunTotals Totals { get; } = new();

    /// <summary>Tasks done, over all stages.</summary>
    public long Done => Totals.Done;

    /// <summary>Tasks expected, never less than <see cref="Done"/>; null while unknown.</summary>
    public long? Expected => _declaredTotal is { } total ? Math.Max(total, Totals.Known) : Result == WorkflowResult.Success ? Totals.Known : IsOpenEnded ? null : Totals.Expected;

    /// <summary>Work done of what is expected, 0 to 1; null while unknown.</summary>
    public double? Completion => Expected switch
    {
        null => null,
        0 => Result == WorkflowResult.Success ? 1 : 0,
        { } expected => Math.Min(1, (Done + Totals.Partial) / expected),
    };

    public bool IsWaiting
    {
        get
        {
            if (_others == Others.Working)
            {
                return false;
            }

            foreach (var attempt in _active)
            {
                if (!attempt.Stage.IsWaiting)
                {
                    return false;
                }
            }

            return _active.Count > 0 || _others == Others.Waiting || AwaitsAttempt;
        }
    }

    public WorkflowState State => Result is { } result ? result.ToState()
        : IsWaiting ? WorkflowState.Waiting
        : Silence.IsStalled ? WorkflowState.Stalled
        : WorkflowState.Running;

    /// <summary>Silence longer than this is a stall, s.</summary>
    public double StallThreshold => StallTimeout?.TotalSeconds ?? Silence.Limit(_history);

    /// <summary>Seconds of the run that were work: not spent in a declared wait alone, nor lost to a stall.</summary>
    public double WorkedAt(double t) => t - Ledger.Waited(t) - Silence.LostAt(t);

    /// <summary>The stage's wall, without what was lost to stalls.</summary>
    public double WorkWallAt(Stage stage, double t)
    {
        var losing = Ledger.Units > 0 ? (Silence.LostAt(t) - Silence.Lost) * stage.Time.Units / Ledger.Units : 0;
        return Math.Max(0, Ledger.WallAt(stage, t) - stage.Time.LostWall - losing);
    }

    /// <summary>Applies a change that happened at <paramref name="at"/>; what follows from it is added to <paramref name="effects"/>.</summary>
    public T Apply<TChange, T>(in TChange change, in Moment at, Effects effects)
        where TChange : struct, IChange<T>
    {
        // Stamps of one run are ordered: whoever came to the lock later may have read the clock earlier.
        var ordered = at.Arrived < Ledger.Now && at.At >= at.Arrived ? at with { At = Ledger.Now, Arrived = Ledger.Now, Wall = at.Wall.AddSeconds(Ledger.Now - at.Arrived) } : at;
        Ledger.Advance(ordered.Arrived);
        return change.Apply(this, ordered, effects);
    }

    public void Remember(RunProfile[] history) => _history = history;

    public Stage? FindStage(string name) => _stages.Find(name);

    /// <summary>Adds a stage of unknown size, or returns the one of that name.</summary>
    public Stage AddStage(string name, bool isPlanned, Effects effects)
    {
        if (FindStage(name) is { } known)
        {
            return known;
        }

        var stage = _stages.Add(name, isPlanned);
        Ledger.Join(stage);
        Totals.Update(stage);
        effects.Add(new Effect(EffectKind.StageAdded) { Stage = stage });
        return stage;
    }

    public void Open(StageAttempt attempt) => _active.Add(attempt);

    public void Close(StageAttempt attempt) => _active.Remove(attempt);

    /// <summary>Something has happened in the stage.</summary>
    public void Begin(Stage stage)
    {
        if (!stage.Begun)
        {
            stage.Begun = true;
            _begun++;
            HasPlan |= _stages.All.Count > _begun;
        }
    }

    /// <summary>The stage's number of units may have changed, at its event's own time.</summary>
    public void Share(Stage stage, in Moment at)
    {
        var change = stage.UnitsNow - stage.Time.Units;
        for (; change > 0; change--)
        {
            // Before it takes over the time in which nothing ran: it did run then.
            Ledger.Correct(stage, at.At, 1);
        }

        Ledger.Share(stage);
        for (; change < 0; change++)
        {
            Ledger.Correct(stage, at.At, -1);
        }
    }

    /// <summary>The run goes on where others left it.</summary>
    public void Restore(RunShare before)
    {
        _declaredTotal ??= before.DeclaredTasks;
        Attempt = Math.Max(Attempt, before.Attempt);
        Milestones.Restore(before.Milestones);
    }

    /// <summary>Others work on it too: where they stand.</summary>
    public void Hear(RunShare others, Others activity)
    {
        IsOpenEnded |= others.IsOpenEnded;
        _declaredTotal = others.DeclaredTasks > (_declaredTotal ?? -1) ? others.DeclaredTasks : _declaredTotal;
        Attempt = Math.Max(Attempt, others.Attempt);
        Milestones.Restore(others.Milestones);
        _others = activity;
    }

    public void ExpectTotal(long? total) => _declaredTotal = total;

    /// <summary>The open attempt at the stage that the task's id was first seen in; null when that stage has ended or none is known.</summary>
    public (Stage? Stage, StageAttempt? Attempt) Locate(string taskId)
    {
        if (_stages.OfTask(taskId) is { } stage)
        {
            return (stage, stage.Attempts is [.., var latest] ? latest : null);
        }

        // A stage may have been told of it directly.
        var attempt = _active.Find(a => a.Stage.Find(taskId) is not null) ?? (_active.Count > 0 ? _active[^1] : null);
        return (attempt?.Stage, attempt);
    }

    public void Place(string taskId, Stage stage) => _stages.Place(taskId, stage);

    public void ReachMilestones(in Moment at, Effects effects)
    {
        if (Milestones.AllReached || Result is { } result && result != WorkflowResult.Success)
        {
            return;
        }

        while (Milestones.IsNextReached(Completion))
        {
            Tell(new Effect(EffectKind.MilestoneReached) { Milestone = Milestones.Reach(at.Wall), At = at.At }, effects, isForGood: true);
        }
    }

    /// <summary>Something is to be told once over all processes: by this one at once, or once it has claimed that.</summary>
    /// <param name="effect">What.</param>
    /// <param name="effects">Where it goes.</param>
    /// <param name="isForGood">Whether those that come later must not tell it either: then it is claimed though nobody else is there.</param>
    public void Tell(in Effect effect, Effects effects, bool isForGood = false) =>
        effects.Add(_isStored && (isForGood || HasOthers) ? effect with { Kind = EffectKind.Due, Due = effect.Kind } : effect);

    public void End(WorkflowResult result, string? errorType, in Moment at)
    {
        (Result, ErrorType, EndedAt, EndedWall) = (result, errorType, Math.Max(0, at.At), at.Wall < StartedWall ? StartedWall : at.Wall);
    }

    public void NextAttempt() => Attempt++;
}
