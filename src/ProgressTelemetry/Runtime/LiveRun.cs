using System.Diagnostics;
using ProgressTelemetry.Estimation;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;

namespace ProgressTelemetry.Runtime;

/// <summary>A run as it lives in this process: its model, the lock that guards it, and its clock. Changes are applied under the lock; what follows from them is handed on outside it.</summary>
internal sealed class LiveRun : IListedRun
{
    private readonly RunServices _services;
    private RunPlan? _plan;
    private Forecast? _forecast;
    private bool _isBegun;
    private object? _span;
    private int _ownership;
    private bool _isPublished = true;

    public LiveRun(RunServices services, RunIdentity identity, RunPlan plan, RunProfile[] history, long now, long number)
    {
        (_services, _plan, Identity, Number) = (services, plan, identity, number);
        Time = new RunClock(services.Clock, services.Running, identity, now);
        Model = new Run(plan, Time.StartWall);
        Model.Remember(history);
        Delivery = new EffectDelivery(this, services);
        Open = new OpenStages(this);
        Watch = new RunWatch(this);
        Outcome = new RunOutcome(this);
    }

    public Lock Gate { get; } = new();

    public Run Model { get; }

    /// <summary>Made when it is first asked for: of very many runs, most are never looked at.</summary>
    public Forecast Forecast => _forecast ??= new Forecast(Model);

    public RunClock Time { get; }

    public OpenStages Open { get; }

    public EffectDelivery Delivery { get; }

    public RunWatch Watch { get; }

    public RunOutcome Outcome { get; }

    public TrackerClock Clock => _services.Clock;

    public RunServices Services => _services;

    /// <summary>Its place in the order in which the tracker's runs started: what sorts runs of one moment.</summary>
    public long Number { get; }

    public RunIdentity Identity { get; }

    public string Workflow => Identity.Workflow;

    public string Id => Identity.Id;

    public DateTimeOffset StartedAt => Model.StartedWall;

    public DateTimeOffset? EndedAt => Final?.EndedAt;

    public DateTimeOffset? Deadline => Model.Deadline;

    /// <summary>What counts it over all runs of its workflow, and its label sets while it has series of its own: kept here for whoever made them.</summary>
    public object? Definition { get; set; }

    public object? Shown { get; set; }

    /// <summary>This process's part in it, where runs are stored: kept here for whoever made it.</summary>
    public object? Participation { get; set; }

    /// <summary>How many changes it has had, other than by time: read and written under its lock.</summary>
    public long Changes { get; set; }

    /// <summary>The public handle.</summary>
    public object? Handle { get; set; }

    public Activity? Activity => Volatile.Read(ref _span) as Activity;

    /// <summary>Whether its start is over, its span included.</summary>
    public bool IsBegun => Volatile.Read(ref _isBegun);

    /// <summary>The number of its present owner: who started it is 0, who took it over has a greater one.</summary>
    public int Ownership => Volatile.Read(ref _ownership);

    /// <summary>Whether this process only takes part in it: ending it here leaves it. Whoever takes it over owns it.</summary>
    public bool IsPart => Identity.IsPart && Ownership == 0;

    /// <summary>The status with which the run ended; null while it has not.</summary>
    public WorkflowStatus? Final => Outcome.Final;

    public bool IsEnded => Final is not null;

    /// <summary>Whether its series are published here: where several processes work on it, one does.</summary>
    public bool IsPublished
    {
        get => Outcome.Ending == RunEnding.Own && Volatile.Read(ref _isPublished);
        set => Volatile.Write(ref _isPublished, value);
    }

    /// <summary>The run's course, recorded for its report; null until it is worth recording.</summary>
    public RunTimeline? Timeline { get; set; }

    /// <summary>The moment of an event that happened at <paramref name="own"/>, or just now.</summary>
    public Moment Now(DateTimeOffset? own = null) => Time.At(Clock.Now, own);

    /// <summary>Publishes the run, once its id is its own.</summary>
    public void Begin()
    {
        var now = Now();
        lock (Gate)
        {
            if (Identity.Restored is { } before)
            {
                Model.Apply<RestoreRun, bool>(new RestoreRun(before), new Moment(0, 0, Time.StartWall), Delivery.Effects);
            }

            Model.Apply<StartRun, bool>(new StartRun(_plan!.Stages), now with { At = 0, Wall = Time.StartWall }, Delivery.Effects);
            Delivery.Count();
            _plan = null;
        }

        if (Identity.Trace.HasSpans && _services.Spans.StartRun(this) is { } span)
        {
            Volatile.Write(ref _span, span);
        }

        Volatile.Write(ref _isBegun, true);
        Delivery.HandOn();
    }

    /// <summary>Applies a change and hands on what follows from it.</summary>
    public T Apply<TChange, T>(in TChange change, DateTimeOffset? own = null)
        where TChange : struct, IChange<T>
    {
        T result;
        var at = Now(own);
        lock (Gate)
        {
            result = ApplyLocked<TChange, T>(change, at, own);
        }

        Delivery.HandOnAny();

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
        var at = Time.At(now);
        lock (Gate)
        {
            Open.Sync(at);
            result = read(this, now);
        }

        Delivery.HandOnAny();

        return result;
    }

    /// <summary>Applies a change under the lock, which the caller holds and after which it hands on what follows.</summary>
    public T ApplyLocked<TChange, T>(in TChange change, in Moment at, DateTimeOffset? own)
        where TChange : struct, IChange<T>
    {
        if (own is not null)
        {
            Model.Ledger.AcceptLateEvents();
        }

        Open.Sync(at);
        Changes++;
        var result = Model.Apply<TChange, T>(change, at, Delivery.Effects);
        Open.SetLimits();
        Delivery.Count();
        return result;
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

    /// <summary>A timed task ends. Its duration is recorded at once, and not queued: there may be millions.</summary>
    public void EndTask(TimedTask task, int version, WorkflowResult result, DateTimeOffset? own, bool isDispose)
    {
        if (Apply<EndTask, double?>(new EndTask(task, version, result, isDispose), own) is { } seconds)
        {
            _services.TaskEnded(this, task.Attempt.Stage, result, seconds);
        }
    }

    /// <summary>Somebody goes on with the run as its owner. Returns the new owner's number.</summary>
    public int TakeOver()
    {
        int owner;
        var at = Now();
        lock (Gate)
        {
            Open.CloseAll();

            ApplyLocked<TakeOverRun, bool>(default, at, own: null);
            Open.Clear();
            owner = ++_ownership;
        }

        Delivery.HandOn();
        return owner;
    }

    public void ListenersChanged(bool tasksAreHeard)
    {
        lock (Gate)
        {
            Delivery.Effects.TasksAreHeard = tasksAreHeard;
            if (Model.Result is null)
            {
                Open.SetLimits();
            }
        }
    }

    /// <inheritdoc/>
    public (WorkflowState State, bool HasText) Look(string text)
    {
        lock (Gate)
        {
            return (Model.State, text.Length > 0 && Model.Stages.Any(stage => stage.IsOpen && stage.Name.Contains(text, StringComparison.OrdinalIgnoreCase)));
        }
    }
}
