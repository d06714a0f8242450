using System.Diagnostics;
using ProgressTelemetry.Estimation;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;

namespace ProgressTelemetry.Runtime;

/// <summary>
/// A run as it lives in this process: its model, the lock that guards it, and its clock. Changes are applied under the lock; what follows from them is handed on outside it, in order: whoever finds nobody handing on hands on
/// what is there, and nobody waits for another.
/// </summary>
internal sealed partial class LiveRun
{
    private readonly RunServices _services;
    private readonly Effects _effects = new();
    private readonly List<LiveStage> _open = [];
    private readonly RunPlan _plan;
    private readonly long _start;
    private readonly double _pausedAtStart;
    private readonly CountLimits _limits;
    private bool _isHandingOn;
    private bool _isBegun;
    private volatile bool _anyEffects;
    private object? _span;
    private int _ownership;
    private bool _isPublished = true;
    private WorkflowStatus? _final;

    public LiveRun(RunServices services, RunIdentity identity, RunPlan plan, RunProfile[] history, long now, long number)
    {
        _services = services;
        _plan = plan;
        Identity = identity;
        Number = number;
        _start = (identity.Restored?.StartedAt ?? identity.StartedAt) is { } started ? Math.Min(now, Clock.FromWall(started)) : now;

        // A run that goes on has run for so long before; the time since then, in which nothing ran, is no time of the run.
        _pausedAtStart = services.Running.PausedAt(now) - (identity.Restored is { } before ? Clock.Seconds(_start, now) - before.RanSeconds : 0);
        TakenUpWall = Clock.ToWall(identity.Restored is null ? _start : now);
        Model = new Run(plan, Clock.ToWall(_start));
        Model.Remember(history);
        Forecast = new Forecast(Model);
        _limits = new CountLimits(Model, _open) { TakeCounts = () => TakeCountsLocked(default) };
        _effects.TasksAreHeard = services.TasksAreHeard();
    }

    public Lock Gate { get; } = new();

    public Run Model { get; }

    public Forecast Forecast { get; }

    public TrackerClock Clock => _services.Clock;

    public RunServices Services => _services;

    /// <summary>Its place in the order in which the tracker's runs started: what sorts runs of one moment.</summary>
    public long Number { get; }

    public RunIdentity Identity { get; }

    public string Workflow => Identity.Workflow;

    public string Id => Identity.Id;

    /// <summary>What counts it over all runs of its workflow, and its label sets while it has series of its own: kept here for whoever made them.</summary>
    public object? Definition { get; set; }

    public object? Shown { get; set; }

    /// <summary>This process's part in it, where runs are stored: kept here for whoever made it.</summary>
    public object? Participation { get; set; }

    /// <summary>When this process took it up: its start, unless it goes on with it.</summary>
    public DateTimeOffset TakenUpWall { get; }

    /// <summary>The public handle.</summary>
    public object? Handle { get; set; }

    public Activity? Activity => Volatile.Read(ref _span) as Activity;

    /// <summary>Whether its start is over, its span included.</summary>
    public bool IsBegun => Volatile.Read(ref _isBegun);

    /// <summary>The number of its present owner: who started it is 0, who took it over has a greater one.</summary>
    public int Ownership => Volatile.Read(ref _ownership);

    /// <summary>Whether this process only takes part in it: ending it here leaves it. Whoever takes it over owns it.</summary>
    public bool IsPart => Identity.IsPart && Ownership == 0;

    public long StartStamp => _start;

    /// <summary>The status with which the run ended; null while it has not.</summary>
    public WorkflowStatus? Final => Volatile.Read(ref _final);

    public bool IsEnded => Final is not null;

    /// <summary>When it ended, on the clock; read with <see cref="Final"/>.</summary>
    public long EndStamp { get; private set; }

    /// <summary>Whether its series are published here: where several processes work on it, one does.</summary>
    public bool IsPublished
    {
        get => Ending == RunEnding.Own && Volatile.Read(ref _isPublished);
        set => Volatile.Write(ref _isPublished, value);
    }

    /// <summary>Whose end it is; read with <see cref="Final"/>.</summary>
    public RunEnding Ending { get; private set; }

    /// <summary>Whether any task was merely counted so far: the first one of each attempt is looked at, and says so here.</summary>
    public bool AnyCounted { get; private set; }

    /// <summary>The run's course, recorded for its report; null until it is worth recording.</summary>
    public RunTimeline? Timeline { get; set; }

    /// <summary>What is kept of it for later runs; null unless it ended well.</summary>
    public RunProfile? Profile { get; private set; }

    /// <summary>Seconds since the run's start in which the process ran.</summary>
    public double Seconds(long timestamp) =>
        Math.Max(0, Clock.Seconds(_start, timestamp) - (_services.Running.PausedAt(timestamp) - _pausedAtStart));

    /// <summary>The moment of an event that happened at <paramref name="own"/>, or just now.</summary>
    public Moment At(long now, DateTimeOffset? own = null)
    {
        _services.Running.Alive(now);
        var (seconds, wall) = (Seconds(now), Clock.ToWall(now));
        if (own is not { } moment)
        {
            return new Moment(seconds, seconds, wall);
        }

        moment = moment > wall ? wall : moment < Model.StartedWall ? Model.StartedWall : moment;
        return new Moment(Math.Max(0, seconds - (wall - moment).TotalSeconds), seconds, moment);
    }

    /// <summary>Publishes the run, once its id is its own.</summary>
    public void Begin()
    {
        var now = At(Clock.Now);
        lock (Gate)
        {
            if (Identity.Restored is { } before)
            {
                Model.Apply<RestoreRun, bool>(new RestoreRun(before), new Moment(0, 0, Model.StartedWall), _effects);
            }

            Model.Apply<StartRun, bool>(new StartRun(_plan.Stages), now with { At = 0, Wall = Model.StartedWall }, _effects);
            Count();
        }

        if (Identity.HasSpans && _services.Spans.StartRun(this) is { } span)
        {
            Volatile.Write(ref _span, span);
        }

        Volatile.Write(ref _isBegun, true);
        HandOn();
    }

    /// <summary>Applies a change and hands on what follows from it.</summary>
    public T Apply<TChange, T>(in TChange change, DateTimeOffset? own = null)
        where TChange : struct, IChange<T>
    {
        T result;
        var at = At(Clock.Now, own);
        lock (Gate)
        {
            result = ApplyLocked<TChange, T>(change, at, own);
        }

        if (_anyEffects)
        {
            HandOn();
        }

        return result;
    }

    /// <summary>The same for changes that only tell whether they had an effect.</summary>
    public bool Apply<TChange>(in TChange change, DateTimeOffset? own = null)
        where TChange : struct, IChange<bool> => Apply<TChange, bool>(change, own);

    /// <summary>An event was ignored before it came to the model.</summary>
    public void Ignore(IgnoredReason reason, string what, Stage? stage) =>
        _services.Ignored(this, new Effect(EffectKind.Ignored) { Ignored = reason, Text = what, Stage = stage });

    /// <summary>Reads something of the run, with all counts in it as they are now.</summary>
    public T Read<T>(Func<LiveRun, long, T> read)
    {
        T result;
        var now = Clock.Now;
        var at = At(now);
        lock (Gate)
        {
            Sync(at);
            result = read(this, now);
        }

        if (_anyEffects)
        {
            HandOn();
        }

        return result;
    }

    private T ApplyLocked<TChange, T>(in TChange change, in Moment at, DateTimeOffset? own)
        where TChange : struct, IChange<T>
    {
        if (own is not null)
        {
            Model.Ledger.AcceptLateEvents();
        }

        Sync(at);
        var result = Model.Apply<TChange, T>(change, at, _effects);
        if (AnyCounted)
        {
            _limits.Set(_effects.TasksAreHeard);
        }

        Count();
        return result;
    }

    /// <summary>Takes over what was counted without the lock.</summary>
    private void Sync(in Moment at)
    {
        if (!AnyCounted)
        {
            return;
        }

        foreach (var stage in _open)
        {
            if (stage.Total is var total && total > stage.Attempt.Counted)
            {
                Model.Apply<CountTasks, bool>(new CountTasks(stage.Attempt, total), at with { At = at.Arrived }, _effects);
            }
        }

        Count();
    }

    /// <summary>Counts what has followed since the last time: at once, so that no metric waits for what anybody does with the effects.</summary>
    private void Count()
    {
        foreach (ref readonly var effect in _effects.Uncounted())
        {
            _services.Count(this, effect);
        }

        _anyEffects = _effects.Any;
    }

    /// <summary>Adds what the stage has done and taken so far.</summary>
    public void AddTo(ref StageTotals totals, Stage stage)
    {
        var now = At(Clock.Now);
        lock (Gate)
        {
            Sync(now);
            var t = Model.Result is null ? now.At : Model.EndedAt;
            for (var i = 0; i < ResultTally.Size; i++)
            {
                totals.Tasks[i] += stage.Counts.Final((WorkflowResult)i) - (stage.Restored?.Ended((WorkflowResult)i) ?? 0);
            }

            // What another process has done, it has counted.
            totals.FailedAttempts += stage.Counts.FailedAttempts - (stage.Restored?.FailedAttempts ?? 0);
            totals.Wall += Model.Ledger.WallAt(stage, t) - (stage.Restored?.WallSeconds ?? 0);
            totals.Wait += Model.Ledger.WaitAt(stage, t) - (stage.Restored?.WaitSeconds ?? 0);
        }
    }

    /// <summary>The run's view, without forecasts unless they are asked for; the same one for all who look within a moment and while nothing changes.</summary>
    public WorkflowStatus GetStatus(bool forecasts)
    {
        if (Final is { } final)
        {
            return final;
        }

        return Read((run, now) => run.Model.Result is not null ? run.Final! : StatusMaker.Of(run, now, forecasts));
    }

    private bool TakeCountsLocked(in Moment at)
    {
        Sync(at);
        return true;
    }

    /// <summary>Hands on all that follows, as long as that isn't much; whoever finds more leaves it to the thread pool, so that no worker is held by what others do.</summary>
    private void HandOn()
    {
        _services.Errors.Tell();
        for (var batch = 0; TryTake(out var effects); batch++)
        {
            HandOn(effects);
            if (batch > 0 && _anyEffects)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static run => run.HandOn(), this, preferLocal: false);
                return;
            }
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out List<Effect>? effects)
    {
        lock (Gate)
        {
            effects = _isHandingOn || !_effects.Any ? null : _effects.Take();
            _isHandingOn |= effects is not null;
            _anyEffects = _effects.Any;
            return effects is not null;
        }
    }

    private void HandOn(List<Effect> effects)
    {
        try
        {
            foreach (var effect in effects)
            {
                HandOn(effect);
            }
        }
        finally
        {
            lock (Gate)
            {
                _isHandingOn = false;
                _anyEffects = _effects.Any;
            }
        }
    }

    private void HandOn(in Effect effect)
    {
        if (effect.Kind == EffectKind.Ignored)
        {
            _services.Ignored(this, effect);
            return;
        }

        if (effect.Kind == EffectKind.Lost)
        {
            _services.Errors.Add(TrackerErrors.ListenerOverflow, $"run '{Id}' changes faster than it can be told: {effect.Count} updates were lost");
            return;
        }

        foreach (var sink in _services.Sinks)
        {
            try
            {
                sink.Handle(this, effect);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                _services.Errors.Add(TrackerErrors.PublishFailed, $"{sink.GetType().Name} failed", e);
            }
        }
    }
}
