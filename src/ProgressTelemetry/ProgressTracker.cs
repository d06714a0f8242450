using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProgressTelemetry.Instrumentation;
using ProgressTelemetry.Tracking;

namespace ProgressTelemetry;

/// <summary>
/// Tracks runs of workflows and publishes their progress as spans and metrics. One a process is enough; all members may be called from any thread. Tracking never throws into the tracked work: wrong use (a null, an empty name,
/// a second run with a live id) throws at the call, wrong timing (an update after the end) is ignored, counted and logged once.
/// </summary>
public sealed partial class ProgressTracker : IDisposable
{
    /// <summary>Ended runs kept at most, whatever their age: more than the metrics can show.</summary>
    private const int MostEnded = ProgressTrackingOptions.MostSeries;
    private static readonly Comparer<ShownCandidate> WorstFirst = Comparer<ShownCandidate>.Create(static (a, b) => b.CompareTo(a));
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, RunState> _live = new(StringComparer.Ordinal);
    private readonly EndedRuns _ended;
    private readonly IRunHistory _history;
    private readonly TrackerSlot _slot;
    private readonly ShownRuns _shown;
    private readonly RunInstruments _runInstruments;
    private readonly ITimer _timer;
    private readonly Lock _listenersGate = new();
    private Func<IEnumerable<ProgressListener>>? _laterListeners;
    private ImmutableArray<Hearing> _listeners;
    private bool _makesListeners;
    private long _lastTick;
    private long _runNumbers;
    private int _recordedRuns;
    private int _isDisposed;

    /// <summary>Makes a tracker. With dependency injection, <c>AddProgressTracking</c> does.</summary>
    /// <param name="options">How it works; default: <see cref="ProgressTrackingOptions"/>'s defaults.</param>
    /// <param name="timeProvider">Its clock; default: the system's.</param>
    /// <param name="loggerFactory">Where its log records go, under the category <c>ProgressTelemetry</c>; default: nowhere.</param>
    /// <param name="history">Where profiles of ended runs are kept; default: in memory.</param>
    /// <param name="listeners">Listeners from the start on.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public ProgressTracker(
        ProgressTrackingOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        IRunHistory? history = null,
        IEnumerable<ProgressListener>? listeners = null)
        : this(options, timeProvider, loggerFactory, history, listeners, meterSuffix: "")
    {
    }

    internal ProgressTracker(
        ProgressTrackingOptions? options,
        TimeProvider? timeProvider,
        ILoggerFactory? loggerFactory,
        IRunHistory? history,
        IEnumerable<ProgressListener>? listeners,
        string meterSuffix)
    {
        Options = options?.Copy() ?? new ProgressTrackingOptions();
        Options.Validate();
        Clock = new TrackerClock(timeProvider ?? TimeProvider.System);
        Logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(TrackerLog.Category);
        Errors = new TrackerErrors(Logger);
        Spans = new RunSpans(Errors);
        _history = history ?? new InMemoryRunHistory(Math.Max(1, Options.HistoryPerWorkflow));
        _listeners = HearingsOf(listeners ?? []);
        _ended = new EndedRuns(Clock, Options.EndedRunRetention, MostEnded);
        Definitions = new DefinitionTable(Options.MaxDefinitions, Errors, Clock);
        _lastTick = Clock.Now;
        _slot = TrackerSlot.Take(meterSuffix);
        _shown = new ShownRuns(this);
        Instruments = new TrackerInstruments(this, _shown, SignalNames.TrackerMeter + meterSuffix, _slot.MeterTags);
        _runInstruments = new RunInstruments(_shown, SignalNames.RunsMeter + meterSuffix, _slot.MeterTags);
        _shown.Rotate = _runInstruments.Rotate;

        // The timer must not carry the Activity or the other context of whoever made the tracker.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = Clock.Provider.CreateTimer(static tracker => ((ProgressTracker)tracker!).Tick(), this, TickPeriod, TickPeriod);
        }
    }

    /// <summary>The tracker's wall clock now.</summary>
    public DateTimeOffset UtcNow => Clock.ToWall(Clock.Now);

    /// <summary>Whether somebody else calls <see cref="Stop"/>, after <see cref="Dispose"/>.</summary>
    internal bool HasOwner { get; init; }

    /// <summary>Where further listeners come from, when the first run starts and not before: so they may ask for the tracker while they are made.</summary>
    internal Func<IEnumerable<ProgressListener>>? LaterListeners
    {
        init => _laterListeners = value;
    }

    internal ProgressTrackingOptions Options { get; }

    internal TrackerClock Clock { get; }

    internal ILogger Logger { get; }

    internal TrackerErrors Errors { get; }

    internal DefinitionTable Definitions { get; }

    internal RunSpans Spans { get; }

    internal TrackerInstruments Instruments { get; }

    internal ShownRuns Shown => _shown;

    internal ImmutableArray<Hearing> Listeners => _listeners;

    internal bool HasTaskListeners
    {
        get
        {
            foreach (var listener in _listeners)
            {
                if (listener.HearsTasks)
                {
                    return true;
                }
            }

            return false;
        }
    }

    internal long LastTick => Volatile.Read(ref _lastTick);

    /// <summary>Starts a run.</summary>
    /// <param name="workflow">The workflow's name, 1 to 200 characters: the <c>workflow.name</c> attribute.</param>
    /// <param name="options">What is known of the run; read now, not later.</param>
    /// <returns>The running run: end it with <see cref="WorkflowRun.Complete"/> or another result.</returns>
    /// <exception cref="ArgumentException">The name or an option is not usable.</exception>
    /// <exception cref="InvalidOperationException">A live run has the same id.</exception>
    public WorkflowRun StartWorkflow(string workflow, WorkflowRunOptions? options = null)
    {
        Checked.Name(workflow, "A workflow");
        options ??= new WorkflowRunOptions();
        options.Validate();
        var id = options.RunId ?? Guid.NewGuid().ToString("N");
        if (_live.ContainsKey(id))
        {
            throw LiveId(id);
        }

        TakeLaterListenersOrGoOn();
        Clock.Calibrate();
        var definition = Definitions.Workflow(workflow);
        var run = new RunState(this, definition, workflow, id, options, HistoryOf(workflow), Clock.Now);
        if (!_live.TryAdd(id, run))
        {
            run.Discard();
            throw LiveId(id);
        }

        _ended.Forget(id);
        run.Begin();
        return run.Handle;
    }

    /// <summary>Runs a workflow: its span is current in the body, and its result comes from the body: returned, threw, cancelled.</summary>
    /// <param name="workflow">The workflow's name, 1 to 200 characters.</param>
    /// <param name="body">The run's work.</param>
    /// <param name="options">What is known of the run.</param>
    /// <param name="cancellationToken">Passed to the body.</param>
    /// <returns>A task that ends as the body's does.</returns>
    /// <exception cref="ArgumentException">The name or an option is not usable.</exception>
    /// <exception cref="InvalidOperationException">A live run has the same id.</exception>
    public Task RunAsync(string workflow, Func<WorkflowRun, CancellationToken, Task> body, WorkflowRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(workflow, body.WithResult(), options, cancellationToken);
    }

    /// <summary>Runs a workflow that returns something: its span is current in the body, and its result comes from the body: returned, threw, cancelled.</summary>
    /// <typeparam name="T">What the body returns.</typeparam>
    /// <param name="workflow">The workflow's name, 1 to 200 characters.</param>
    /// <param name="body">The run's work.</param>
    /// <param name="options">What is known of the run.</param>
    /// <param name="cancellationToken">Passed to the body.</param>
    /// <returns>What the body returned.</returns>
    /// <exception cref="ArgumentException">The name or an option is not usable.</exception>
    /// <exception cref="InvalidOperationException">A live run has the same id.</exception>
    public Task<T> RunAsync<T>(string workflow, Func<WorkflowRun, CancellationToken, Task<T>> body, WorkflowRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Scope.RunAsync(StartWorkflow(workflow, options), body, run => run.Activity, (run, result, errorType) => run.EndIfOpen(result, errorType), cancellationToken);
    }

    /// <summary>The live runs, the oldest first.</summary>
    /// <returns>Views that don't change.</returns>
    public IReadOnlyList<WorkflowStatus> GetActive()
    {
        var now = Clock.Now;
        return [.. _live.Select(pair => pair.Value).OrderBy(run => run.Number).Select(run => run.Status(now)).Where(status => status.Result is null)];
    }

    /// <summary>Runs that ended within <see cref="ProgressTrackingOptions.EndedRunRetention"/>, the latest first (1,900 at most).</summary>
    /// <returns>Views that don't change.</returns>
    public IReadOnlyList<WorkflowStatus> GetRecentlyEnded() => [.. _ended.Latest().Select(run => run.Final!)];

    /// <summary>Lets a listener hear of all that happens from now on.</summary>
    /// <param name="listener">The listener.</param>
    /// <returns>What ends the subscription when it is disposed.</returns>
    public IDisposable Subscribe(ProgressListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var hearing = Hearing.Of(listener);
        var subscription = new Subscription(this, hearing);
        ImmutableInterlocked.Update(ref _listeners, static (list, added) => list.Add(added), hearing);
        ListenersChanged();
        return subscription;
    }

    /// <summary>
    /// Ends the publishing. Runs that are live go on being tracked, unseen. The tracker that <c>AddProgressTracking</c> made ends with its container, once the container's providers have collected for the last time, and not before.
    /// </summary>
    public void Dispose()
    {
        if (!HasOwner)
        {
            Stop();
        }
    }

    internal void Stop()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        Volatile.Write(ref _laterListeners, null);
        _timer.Dispose();
        Instruments.Dispose();
        _runInstruments.Dispose();
        Spans.Dispose();
        _slot.Dispose();
    }

    /// <summary>Has the later listeners made, unless they were; whoever calls meanwhile waits, but for the constructors of the listeners.</summary>
    internal void TakeLaterListeners()
    {
        if (Volatile.Read(ref _laterListeners) is null)
        {
            return;
        }

        lock (_listenersGate)
        {
            if (_laterListeners is not { } make || _makesListeners)
            {
                return;
            }

            _makesListeners = true;
            try
            {
                var made = HearingsOf(make());
                ImmutableInterlocked.Update(ref _listeners, list => list.InsertRange(0, made));
                Volatile.Write(ref _laterListeners, null);
            }
            finally
            {
                _makesListeners = false;
            }
        }

        ListenersChanged();
    }

    internal long NextRunNumber() => Interlocked.Increment(ref _runNumbers);

    /// <summary>Whether one more live run may record its course.</summary>
    internal bool TryRecordRun()
    {
        if (Interlocked.Increment(ref _recordedRuns) <= RunTimeline.MostRuns)
        {
            return true;
        }

        Interlocked.Decrement(ref _recordedRuns);
        return false;
    }

    internal void Ended(RunState run)
    {
        if (run.Timeline is not null)
        {
            Interlocked.Decrement(ref _recordedRuns);
        }

        _ended.Add(run);
        _live.TryRemove(new KeyValuePair<string, RunState>(run.Id, run));
        if (run.Result == WorkflowResult.Success && Options.HistoryPerWorkflow > 0)
        {
            try
            {
                _history.Add(run.Workflow, run.Profile());
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Errors.Add(TrackerErrors.HistoryFailed, $"the profile of run '{run.Id}' could not be kept", e);
            }
        }
    }

    /// <summary>Of the live and the recently ended runs that are old enough to be shown, those most worth looking at, the first first.</summary>
    internal List<ShownCandidate> MostWorthShowing(long now, int most)
    {
        // The worst of those kept so far is on top: among many runs, most are put aside with one comparison.
        var kept = new PriorityQueue<ShownCandidate, ShownCandidate>(WorstFirst);
        foreach (var pair in _live)
        {
            Consider(pair.Value);
        }

        foreach (var run in _ended.Latest())
        {
            Consider(run);
        }

        List<ShownCandidate> best = [.. kept.UnorderedItems.Select(item => item.Element)];
        best.Sort();
        return best;

        void Consider(RunState run)
        {
            if (Clock.Elapsed(run.StartedAt, run.EndedAt ?? now) < Options.MinShownRunAge)
            {
                return;
            }

            var candidate = ShownCandidate.Of(run, now);
            if (kept.Count < most)
            {
                kept.Enqueue(candidate, candidate);
            }
            else if (candidate < kept.Peek())
            {
                kept.DequeueEnqueue(candidate, candidate);
            }
        }
    }

    private static InvalidOperationException LiveId(string id) => new($"A live run has the id '{id}' already.");

    private static ImmutableArray<Hearing> HearingsOf(IEnumerable<ProgressListener> listeners) =>
        [.. listeners.Select(l => Hearing.Of(l ?? throw new ArgumentException("A listener is null.", nameof(listeners))))];

    private RunState? Find(string runId) => _live.TryGetValue(runId, out var run) ? run : _ended.Find(runId);

    private RunProfile[] HistoryOf(string workflow)
    {
        if (Options.HistoryPerWorkflow == 0)
        {
            return [];
        }

        try
        {
            return [.. _history.GetProfiles(workflow).Take(Options.HistoryPerWorkflow)];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Errors.Add(TrackerErrors.HistoryFailed, $"the history of '{workflow}' could not be read", e);
            return [];
        }
    }

    // The work can't help it that a listener can't be made; the next run tries again.
    private void TakeLaterListenersOrGoOn()
    {
        try
        {
            TakeLaterListeners();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Errors.Add(TrackerErrors.ListenerFailed, "the services' listeners could not be made", e);
        }
    }

    private void Tick()
    {
        try
        {
            Clock.Calibrate();
            var now = Clock.Now;
            foreach (var pair in _live)
            {
                pair.Value.Tick(now);
            }

            // Last, so that the heartbeat says that all of it was done.
            Volatile.Write(ref _lastTick, now);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // An exception here would end the process that is being watched.
            Errors.Add(TrackerErrors.TimerFailed, "the tracker's timer failed", e);
        }
    }

    // Runs' counts have to be told whether each task must be looked at.
    private void ListenersChanged()
    {
        foreach (var pair in _live)
        {
            pair.Value.ListenersChanged(Clock.Now);
        }
    }

    private sealed class Subscription(ProgressTracker tracker, Hearing hearing) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                ImmutableInterlocked.Update(ref tracker._listeners, static (list, gone) => list.Remove(gone), hearing);
                tracker.ListenersChanged();
            }
        }
    }
}
