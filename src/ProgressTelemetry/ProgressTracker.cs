using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProgressTelemetry.Registration;
using ProgressTelemetry.Reporting;
using ProgressTelemetry.Runtime;
using ProgressTelemetry.Signals;

namespace ProgressTelemetry;

/// <summary>
/// Tracks runs of workflows and publishes their progress as spans and metrics. One a process is enough; all members may be called from any thread. Tracking never throws into the tracked work: wrong use (a null, an empty name,
/// a second run with a live id) throws at the call, wrong timing (an update after the end) is ignored, counted and logged once.
/// </summary>
public sealed class ProgressTracker : IRunReader, IDisposable, IAsyncDisposable
{
    private readonly TrackerParts _parts;
    private readonly AllRuns _runs;
    private readonly RunningAdapters _adapters;
    private int _isDisposed;

    /// <summary>Makes a tracker. With dependency injection, <c>AddProgressTracking</c> does.</summary>
    /// <param name="options">How it works; default: <see cref="ProgressTrackingOptions"/>'s defaults.</param>
    /// <param name="timeProvider">Its clock; default: the system's.</param>
    /// <param name="loggerFactory">Where its log records go, under the category <c>ProgressTelemetry</c>; default: nowhere.</param>
    /// <param name="history">Where profiles of ended runs are kept; default: in memory.</param>
    /// <param name="listeners">Listeners from the start on.</param>
    /// <param name="store">Where runs are kept, so that they outlive the process; default: nowhere. It isn't disposed.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public ProgressTracker(
        ProgressTrackingOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        IRunHistory? history = null,
        IEnumerable<ProgressListener>? listeners = null,
        IRunStore? store = null)
        : this(options, timeProvider, loggerFactory, history, listeners, meterSuffix: "", store) => StartAdapters();

    internal ProgressTracker(
        ProgressTrackingOptions? options,
        TimeProvider? timeProvider,
        ILoggerFactory? loggerFactory,
        IRunHistory? history,
        IEnumerable<ProgressListener>? listeners,
        string meterSuffix,
        IRunStore? store = null)
    {
        options = options?.Copy() ?? new ProgressTrackingOptions();
        options.Validate();
        Options = options;
        _parts = new TrackerParts(options, timeProvider ?? TimeProvider.System, loggerFactory ?? NullLoggerFactory.Instance, history, listeners ?? [], store, meterSuffix);
        _runs = new AllRuns(_parts.Registry, _parts.Store, _parts.Services.Clock);
        _adapters = new RunningAdapters(Errors);
    }

    /// <summary>The tracker's wall clock now.</summary>
    public DateTimeOffset UtcNow => _parts.Services.Clock.ToWall(_parts.Services.Clock.Now);

    /// <summary>The tracker's clock, for what follows an engine and has to look again later.</summary>
    public TimeProvider TimeProvider => _parts.Services.Clock.Provider;

    /// <summary>When the tracker's timer last looked at all runs: about a second ago, unless the process is held up.</summary>
    public DateTimeOffset LastHeartbeat => _parts.Services.Clock.ToWall(_parts.Registry.LastTick);

    /// <summary>Whether somebody else calls <see cref="Stop"/>, after <see cref="Dispose"/>.</summary>
    internal bool HasOwner { get; init; }

    /// <summary>Where further listeners come from, when the first run starts and not before: so they may ask for the tracker while they are made.</summary>
    internal Func<IEnumerable<ProgressListener>>? LaterListeners
    {
        init => _parts.Listeners.Make = value;
    }

    internal ProgressTrackingOptions Options { get; }

    internal TrackerErrors Errors => _parts.Services.Errors;

    internal ShownRuns Shown => _parts.Publication.Shown;

    /// <summary>
    /// Starts a run, or joins or takes over a live one of that id if <see cref="WorkflowRunOptions.WhenLive"/> says so. With a store, a run of that id that a process left unfinished goes on with its counts, stages,
    /// milestones and start, as far as the store was heard of last (<see cref="FlushAsync"/>).
    /// </summary>
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
        return _parts.Start(workflow, options);
    }

    /// <summary>Runs a workflow: its span is current in the body, and its result comes from the body: returned, threw, cancelled.</summary>
    /// <param name="workflow">The workflow's name, 1 to 200 characters.</param>
    /// <param name="body">The run's work.</param>
    /// <param name="options">What is known of the run.</param>
    /// <param name="cancellationToken">Passed to the body. A cancellation that it didn't ask for is a time-out.</param>
    /// <returns>A task that ends as the body's does.</returns>
    /// <exception cref="ArgumentException">The name or an option is not usable.</exception>
    /// <exception cref="InvalidOperationException">A live run has the same id.</exception>
    [OverloadResolutionPriority(1)]
    public Task RunAsync(string workflow, Func<WorkflowRun, CancellationToken, Task> body, WorkflowRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Run(workflow, options, async (run, ct) => { await body(run, ct).ConfigureAwait(false); return true; }, cancellationToken);
    }

    /// <inheritdoc cref="RunAsync(string, Func{WorkflowRun, CancellationToken, Task}, WorkflowRunOptions?, CancellationToken)"/>
    public Task RunAsync(string workflow, Func<WorkflowRun, CancellationToken, ValueTask> body, WorkflowRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Run(workflow, options, async (run, ct) => { await body(run, ct).ConfigureAwait(false); return true; }, cancellationToken);
    }

    /// <summary>Runs a workflow that returns something: its span is current in the body, and its result comes from the body: returned, threw, cancelled.</summary>
    /// <typeparam name="T">What the body returns.</typeparam>
    /// <param name="workflow">The workflow's name, 1 to 200 characters.</param>
    /// <param name="body">The run's work.</param>
    /// <param name="options">What is known of the run.</param>
    /// <param name="cancellationToken">Passed to the body. A cancellation that it didn't ask for is a time-out.</param>
    /// <returns>What the body returned.</returns>
    /// <exception cref="ArgumentException">The name or an option is not usable.</exception>
    /// <exception cref="InvalidOperationException">A live run has the same id.</exception>
    [OverloadResolutionPriority(1)]
    public Task<T> RunAsync<T>(string workflow, Func<WorkflowRun, CancellationToken, Task<T>> body, WorkflowRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Run(workflow, options, async (run, ct) => await body(run, ct).ConfigureAwait(false), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync{T}(string, Func{WorkflowRun, CancellationToken, Task{T}}, WorkflowRunOptions?, CancellationToken)"/>
    public Task<T> RunAsync<T>(string workflow, Func<WorkflowRun, CancellationToken, ValueTask<T>> body, WorkflowRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Run(workflow, options, body, cancellationToken);
    }

    /// <summary>The live runs, the oldest first; with a store, those of other processes after those of this one.</summary>
    /// <returns>Views that don't change.</returns>
    public IReadOnlyList<WorkflowStatus> GetActive() => _runs.Active();

    /// <summary>
    /// Runs that ended within <see cref="ProgressTrackingOptions.EndedRunRetention"/>, the latest first (1,900 at most); with a store, those of other processes after those of this one, and among them, as abandoned, those of
    /// processes that are no more.
    /// </summary>
    /// <returns>Views that don't change.</returns>
    public IReadOnlyList<WorkflowStatus> GetRecentlyEnded() => _runs.RecentlyEnded();

    /// <inheritdoc/>
    public RunPage List(RunQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _runs.Select(query);
    }

    /// <summary>Where a run stands. Reading changes nothing.</summary>
    /// <param name="runId">The run's id.</param>
    /// <returns>Its view; null when no live or recently ended run has that id, here or, with a store, in another process as of about a second ago.</returns>
    public WorkflowStatus? GetStatus(string runId)
    {
        ArgumentNullException.ThrowIfNull(runId);
        return _runs.Status(Checked.Text(runId));
    }

    /// <summary>
    /// As <see cref="GetStatus"/>, from the store where this process doesn't follow all runs (<see cref="ProgressTrackingOptions.FollowAllStoredRuns"/>): the run is followed for a minute then, so that it may be asked of again, joined or gone on with.
    /// </summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its view, as far as the store answers: one that fails is counted as <c>store_failed</c>. Null when no live or recently ended run has that id.</returns>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public Task<WorkflowStatus?> GetStatusAsync(string runId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runId);
        return _runs.StatusAsync(Checked.Text(runId), cancellationToken);
    }

    /// <inheritdoc/>
    public ProgressReport? GetReport(string runId)
    {
        ArgumentNullException.ThrowIfNull(runId);
        return _runs.Report(Checked.Text(runId));
    }

    /// <summary>Lets a listener hear of all that happens from now on.</summary>
    /// <param name="listener">The listener.</param>
    /// <returns>What ends the subscription when it is disposed.</returns>
    public IDisposable Subscribe(ProgressListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return _parts.Listeners.Subscribe(listener);
    }

    /// <summary>
    /// What follows an engine failed in one of the engine's hooks, and kept that from the engine: counted in <c>progress.tracker.errors</c> as <c>adapter_failed</c>, and logged once.
    /// </summary>
    /// <param name="engine">The engine's name, for the log.</param>
    /// <param name="exception">What went wrong.</param>
    public void AdapterFailed(string engine, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(exception);
        Errors.Add(TrackerErrors.AdapterFailed, $"what follows {engine} failed in one of its hooks", exception);
    }

    /// <summary>Completes when the listeners have been told all that happened before the call.</summary>
    /// <returns>A task that doesn't fail.</returns>
    public Task DrainAsync() => _parts.Listeners.DrainAsync();

    /// <summary>
    /// Hands the store all that it has not, and reads what other processes did: nothing waits for it, since both are done about once a second. Before the first run it brings what was left unfinished, after the last it keeps
    /// what would be lost. Without a store it does nothing.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the store has all; a store that fails is counted as <c>store_failed</c>, and nothing is thrown.</returns>
    public Task<bool> FlushAsync(CancellationToken cancellationToken = default) => _parts.Store?.FlushAsync(cancellationToken) ?? Task.FromResult(true);

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

    /// <summary>Waits until the listeners have been told all that happened, then does as <see cref="Dispose"/> does.</summary>
    /// <returns>A task that doesn't fail.</returns>
    public async ValueTask DisposeAsync()
    {
        await DrainAsync().ConfigureAwait(false);
        Dispose();
    }

    internal void Stop()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _adapters.Dispose();
        _parts.Dispose();
    }

    /// <summary>Ends all live runs as abandoned: the host stops, and nobody will end them any more. With a store they are left for whoever goes on with them.</summary>
    internal void AbandonAll() => _parts.AbandonAll();

    /// <summary>A shared store failed.</summary>
    internal void StoreFailed(string detail, Exception e) => Errors.Add(TrackerErrors.StoreFailed, detail, e);

    /// <summary>A listener of the services' could not be made.</summary>
    internal void ListenerFailed(Exception e) => Errors.Add(TrackerErrors.ListenerFailed, "a listener could not be made", e);

    /// <summary>Has the adapters tell of runs, once the tracker is all there.</summary>
    internal void StartAdapters() => _adapters.Start(this, Options.GetAdapters());

    /// <summary>Has the services' listeners made.</summary>
    internal Task MakeListenersAsync() => _parts.Listeners.MakeAsync();

    private async Task<T> Run<T>(string workflow, WorkflowRunOptions? options, Func<WorkflowRun, CancellationToken, ValueTask<T>> body, CancellationToken cancellationToken)
    {
        var run = StartWorkflow(workflow, options);
        return await Scope.RunAsync(run.Live, null, ct => body(run, ct), options?.WillBeRetried, cancellationToken, () => run.EndsHere).ConfigureAwait(false);
    }
}
