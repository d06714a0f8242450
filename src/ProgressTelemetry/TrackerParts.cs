using Microsoft.Extensions.Logging;
using ProgressTelemetry.History;
using ProgressTelemetry.Listeners;
using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;
using ProgressTelemetry.Signals;
using ProgressTelemetry.Storage;

namespace ProgressTelemetry;

/// <summary>The parts that a tracker is made of, and how they are joined: runs hand what follows from their changes to spans, metrics, logs, listeners, history and store.</summary>
internal sealed class TrackerParts : IDisposable
{
    private readonly ProgressTrackingOptions _options;
    private readonly CheckedHistory _history;
    private readonly RunSpans _spans;

    public TrackerParts(
        ProgressTrackingOptions options,
        TimeProvider timeProvider,
        ILoggerFactory loggerFactory,
        IRunHistory? history,
        IEnumerable<ProgressListener> listeners,
        IRunStore? store,
        string meterSuffix)
    {
        _options = options;
        var logger = loggerFactory.CreateLogger(TrackerLog.Category);
        var clock = new TrackerClock(timeProvider);
        var errors = new TrackerErrors((kind, detail, exception) => TrackerLog.Ignored(logger, kind, detail, exception));
        _spans = new RunSpans(errors);
        Services = new RunServices(options.ToSettings(), clock, errors) { Spans = _spans };
        _history = new CheckedHistory(history ?? new InMemoryRunHistory(Math.Max(1, options.HistoryPerWorkflow)), (detail, e) => errors.Add(TrackerErrors.HistoryFailed, detail, e));
        Listeners = new ListenerHub(listeners, errors, clock) { Changed = ListenersChanged };
        Services.TasksAreHeard = () => Listeners.TasksAreHeard;
        Registry = new RunRegistry(Services);
        Publication = new Publication(Services, Registry, options.MaxDefinitions, meterSuffix);
        var children = new ChildRuns();

        // The log before the spans, so that the record of a result is inside its span; the user's listeners last.
        Services.Sinks = [Publication.Meters, Publication.Shown, new LogSink(logger), _spans, Listeners, children, new HistorySink(_history)];
        if (store is not null)
        {
            // A history of the application's own has, or may have, what it was told before.
            Store = new StorePump(store, Services, Registry, history is null ? _history.Add : (_, _) => { });
            var ended = Services.Ended;
            Services.Join = Store.Join;
            Services.Participants = id => Store.Known.Find(id)?.Participants ?? [];
            Services.Ended = run =>
            {
                Store.Ended(run);
                ended(run);
            };
            Services.Sinks = [.. Services.Sinks, Store];
        }

        Registry.Ticked = now =>
        {
            children.Tick();
            Publication.Shown.Choose(now);
            Store?.Tick(now);
        };
    }

    public RunServices Services { get; }

    public RunRegistry Registry { get; }

    public ListenerHub Listeners { get; }

    public Publication Publication { get; }

    public StorePump? Store { get; }

    /// <summary>Starts a run, joins or takes over the live one of its id, or goes on with one that a process left unfinished.</summary>
    public WorkflowRun Start(string workflow, WorkflowRunOptions options)
    {
        var identity = options.ToIdentity(workflow);
        while (true)
        {
            if (Registry.FindLive(identity.Id) is { } live)
            {
                return options.WhenLive switch
                {
                    WhenLive.Join => WorkflowRun.Joining(live),
                    WhenLive.TakeOver => WorkflowRun.TakingOver(live),
                    _ => throw new InvalidOperationException($"A live run has the id '{identity.Id}' already. {nameof(WorkflowRunOptions)}.{nameof(WorkflowRunOptions.WhenLive)} joins it or takes it over."),
                };
            }

            var known = Store?.Unfinished(identity.Id) is { } stored && stored.Workflow == workflow ? stored : null;
            var unfinished = known?.Run.Total;
            var started = identity.GoingOnWith(unfinished) with { IsPart = options.WhenLive == WhenLive.Join && known is { IsAlive: true } };
            var plan = options.ToPlan(_options.StallTimeout, Store is not null).GoingOnWith(unfinished);
            if (Registry.TryStart(started, plan, _history.GetProfiles(workflow, _options.HistoryPerWorkflow)) is { } run)
            {
                return WorkflowRun.Of(run);
            }
        }
    }

    /// <summary>Ends all live runs as abandoned: nobody will end them any more. With a store they are left for whoever goes on with them.</summary>
    public void AbandonAll()
    {
        Store?.Stopping();
        foreach (var run in Registry.Live)
        {
            run.Outcome.End(WorkflowResult.Abandoned, null, isDispose: true, ending: run.Model.HasOthers ? RunEnding.Left : RunEnding.Own);
        }
    }

    public void Dispose()
    {
        Registry.Dispose();
        Store?.Dispose();
        Listeners.End();
        Publication.Dispose();
        _spans.Dispose();
    }

    // Runs' counts have to be told whether each task must be looked at.
    private void ListenersChanged()
    {
        var heard = Listeners.TasksAreHeard;
        foreach (var run in Registry.Live)
        {
            run.ListenersChanged(heard);
        }
    }
}
