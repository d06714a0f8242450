using System.Diagnostics;
using ProgressTelemetry.Estimation;
using ProgressTelemetry.Instrumentation;

namespace ProgressTelemetry.Tracking;

/// <summary>
/// One run: its stages, counts, milestones and state, kept as sums, maxima and last-writer moments, apart from the instruments that show them. Every operation takes the moment at which it happened. What changes,
/// changes under <see cref="Gate"/>; only <see cref="WorkflowStage.CompleteTask"/> gets by without it.
/// </summary>
internal sealed partial class RunState
{
    private readonly List<StageState> _stages = [];
    private readonly Dictionary<string, StageState> _stagesByName = new(StringComparer.Ordinal);
    private readonly List<WorkflowStage> _active = [];
    private readonly int _indexDigits;
    private readonly RunProfile[] _history;
    private readonly WorkflowRunOptions _options;
    private Dictionary<string, StageState>? _taskStages;
    private long? _declaredTotal;
    private long? _expected;
    private bool _expectedIsKnown;
    private long _done;
    private double _partial;
    private long _lastProgress;
    private WorkflowStatus? _final;

    public RunState(ProgressTracker tracker, WorkflowDefinition definition, string workflow, string id, WorkflowRunOptions options, RunProfile[] history, long now)
    {
        Tracker = tracker;
        Number = tracker.NextRunNumber();
        Clock = tracker.Clock;
        Definition = definition;
        Workflow = workflow;
        Id = id;
        Version = options.Version is { Length: > 0 } version ? version : null;
        StartedAt = _lastProgress = _quietSince = now;
        StartedWall = Clock.ToWall(now);
        Deadline = options.Deadline;
        _stallTimeout = options.StallTimeout ?? tracker.Options.StallTimeout;
        _declaredTotal = options.ExpectedTasks;
        _history = history;
        _options = options;
        _indexDigits = options.Stages.Count > 99 ? options.Stages.Count.ToString().Length : 2;
        Milestones = new MilestoneSet(options.Milestones, definition);
        Events = new RunEvents(this);
        Handle = new WorkflowRun(this);
        if (options.ExpectedTasks is { } total)
        {
            Model.ExpectTotal(total);
        }

        foreach (var planned in options.Stages)
        {
            AddStage(planned.Name, planned.ExpectedTasks, planned.DependsOn);
        }
    }

    public Lock Gate { get; } = new();

    public ProgressTracker Tracker { get; }

    public TrackerClock Clock { get; }

    public WorkflowDefinition Definition { get; }

    public RunModel Model { get; } = new();

    public MilestoneSet Milestones { get; }

    public RunEvents Events { get; }

    public WorkflowRun Handle { get; }

    public Activity? Activity { get; private set; }

    /// <summary>Its place in the order in which the tracker's runs started: what sorts runs of one moment.</summary>
    public long Number { get; }

    public string Workflow { get; }

    public string Id { get; }

    public string? Version { get; }

    public long StartedAt { get; }

    public DateTimeOffset StartedWall { get; }

    public DateTimeOffset? Deadline { get; }

    public long? EndedAt { get; private set; }

    public WorkflowResult? Result { get; private set; }

    public string? ErrorType { get; private set; }

    public bool IsEnded => Final is not null;

    /// <summary>The run's course, recorded for its report; null until it is worth recording.</summary>
    public RunTimeline? Timeline { get; private set; }

    /// <summary>Its label sets, from when it is first shown; guarded by the lock of <see cref="ShownRuns"/>.</summary>
    public ShownRun? Shown { get; set; }

    /// <summary>The status with which the run ended; null while it has not.</summary>
    public WorkflowStatus? Final => Volatile.Read(ref _final);

    public ReadOnlySpan<RunProfile> History => _history;

    public IReadOnlyList<StageState> Stages => _stages;

    public int StageCount => _stages.Count;

    /// <summary>Tasks that ended, over all stages.</summary>
    public long Done
    {
        get
        {
            var done = _done;
            if (AnyCounted)
            {
                foreach (var attempt in _active)
                {
                    done += attempt.Counts;
                }
            }

            return done;
        }
    }

    /// <summary>Whether any task was merely counted so far; the first one of each attempt is looked at, under the lock, and says so here.</summary>
    public bool AnyCounted { get; private set; }

    /// <summary>Tasks expected, never less than <see cref="Done"/>; null while unknown.</summary>
    public long? Expected
    {
        get
        {
            if (!_expectedIsKnown)
            {
                _expected = SumExpected();
                _expectedIsKnown = true;
            }

            return _expected is { } expected ? Math.Max(expected, Done) : null;
        }
    }

    public double? Completion => Expected switch
    {
        null => null,
        0 => Result == WorkflowResult.Success ? 1 : 0,
        { } expected => Math.Min(1, (Done + _partial) / expected),
    };

    /// <summary>Publishes the run, once its id is its own.</summary>
    public void Begin()
    {
        // Outside the lock: a processor may export the span of the start at once, and the timer must not wait for that.
        Activity = Tracker.Spans.StartRun(this, _options);
        lock (Gate)
        {
            Definition.RunStarted();
            Events.Add(new RunEvent(RunEventKind.RunStarted));
        }

        Events.Tell();
    }

    /// <summary>The run lost the race for its id: takes back what making it has registered.</summary>
    public void Discard()
    {
        foreach (var stage in _stages)
        {
            stage.Definition.Retire(stage, StartedAt);
        }
    }

    public void ListenersChanged(long now)
    {
        lock (Gate)
        {
            if (Result is null)
            {
                Arm(now);
            }
        }

        Events.Tell();
    }

    public double Seconds(long timestamp) => Clock.Seconds(StartedAt, timestamp);

    public string IndexLabel(int index) => index.ToString("D" + _indexDigits);

    public void ExpectTotal(long total, long now)
    {
        lock (Gate)
        {
            if (IsLate("ExpectTasks"))
            {
                return;
            }

            _declaredTotal = Math.Max(total, _declaredTotal ?? 0);
            Model.ExpectTotal(_declaredTotal.Value);
            ExpectationChanged(now);
        }

        Events.Tell();
    }

    /// <summary>Ends the run; a run that has ended stays as it is.</summary>
    public void End(WorkflowResult result, string? errorType, long now, bool isDispose = false)
    {
        WorkflowStatus final;
        errorType = Results.ErrorType(result, errorType);
        lock (Gate)
        {
            if (Result is not null)
            {
                if (!isDispose)
                {
                    Tracker.Errors.Add(TrackerErrors.LateUpdate, $"run '{Id}' has ended already");
                }

                return;
            }

            // Stages that are still open end as the run does, and none before it began: it may have read the clock later.
            foreach (var attempt in _active.ToArray())
            {
                now = Math.Max(now, attempt.StartedAt);
                EndAttempt(attempt, result, errorType, now);
            }

            ReachMilestones(now);
            NoteProgress(now);
            Result = result;
            ErrorType = errorType;
            EndedAt = now;

            // A run of no tasks is complete only now.
            ReachMilestones(now);
            Timeline?.End(this, now);
            Definition.RunEnded(result == WorkflowResult.Success, Clock.ToWall(now));
            foreach (var stage in _stages)
            {
                stage.Definition.Retire(stage, now);
            }

            final = RunStatus.Of(this, now);
            Volatile.Write(ref _final, final);
            RunSpans.SetResult(this, final);
            Tracker.Instruments.RunEnded(this, Definition.RunDuration.For(result, errorType));
            Events.Add(new RunEvent(RunEventKind.RunEnded) { Status = final, Result = result });
        }

        Tracker.Ended(this);
        Events.Tell();
    }

    /// <summary>The run's view for its own people: what the timer would notice at this moment is noticed.</summary>
    public WorkflowStatus Status(long now)
    {
        lock (Gate)
        {
            if (Result is null)
            {
                Watch(now);
            }
        }

        Events.Tell();
        return Peek(now);
    }

    /// <summary>The run's view for a collection, which makes nothing happen.</summary>
    public WorkflowStatus Peek(long now)
    {
        if (Final is { } final)
        {
            return final;
        }

        lock (Gate)
        {
            if (_final is { } ended)
            {
                return ended;
            }

            SyncCounts(now);
            return RunStatus.Of(this, now);
        }
    }

    /// <summary>What is kept of the run for its workflow's later runs.</summary>
    public RunProfile Profile()
    {
        lock (Gate)
        {
            return Model.ToProfile(Seconds(EndedAt ?? Clock.Now), Version);
        }
    }

    private long? SumExpected()
    {
        long known = 0;
        var allKnown = _stages.Count > 0;
        foreach (var stage in _stages)
        {
            if (stage.Expected is { } expected)
            {
                known = Math.Min(known + expected, Checked.MaxCount);
            }
            else
            {
                allKnown = false;
                known += stage.Done;
            }
        }

        if (_declaredTotal is { } total)
        {
            return Math.Max(total, known);
        }

        return allKnown ? known : null;
    }

    private void ExpectationChanged(long now)
    {
        _expectedIsKnown = false;
        ReachMilestones(now);
        Arm(now);
    }

    private bool IsLate(string what)
    {
        if (Result is null)
        {
            return false;
        }

        Tracker.Errors.Add(TrackerErrors.LateUpdate, $"{what} after the end of run '{Id}'");
        return true;
    }
}
