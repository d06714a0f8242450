using System.Diagnostics;
using System.Runtime.CompilerServices;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;
using ProgressTelemetry.Reporting;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry;

/// <summary>
/// A run of a workflow, and its span. All members may be called from any thread. After its end, calls are late: ignored, counted in <c>progress.tracker.errors</c>, and logged once.
/// </summary>
/// <remarks>
/// Starting a run or a stage doesn't change <see cref="Activity.Current"/>, because both are objects that other threads may end. <see cref="ProgressTracker.RunAsync(string, Func{WorkflowRun, CancellationToken, Task}, WorkflowRunOptions?, CancellationToken)"/>
/// and <see cref="StageAsync(string, Func{WorkflowStage, CancellationToken, Task}, long?, CancellationToken)"/> make their span current for their body, and themselves <see cref="Current"/>.
/// </remarks>
public sealed class WorkflowRun : IDisposable, IAsyncDisposable
{
    private readonly DateTimeOffset? _own;
    private readonly int _ownership;

    private WorkflowRun(LiveRun live, DateTimeOffset? own, int ownership) => (Live, _own, _ownership) = (live, own, ownership);

    /// <summary>The run that the present flow of calls works for: the innermost <c>RunAsync</c> around it, or what <see cref="MakeCurrent"/> made current; null outside of any.</summary>
    public static WorkflowRun? Current => Ambient.Current is { } ambient ? Of(ambient.Run) : null;

    /// <summary>The run's id.</summary>
    public string Id => Live.Id;

    /// <summary>The workflow's name.</summary>
    public string Workflow => Live.Workflow;

    /// <summary>The run's span; null when nobody traces.</summary>
    public Activity? Activity => Live.Activity;

    /// <summary>Whether the run has ended.</summary>
    public bool IsEnded => Live.IsEnded;

    /// <summary>Whether this handle may end the run: it started it, or took it over, and nobody has since. A participant's handle leaves the run as it is.</summary>
    public bool IsOwner => _ownership == Live.Ownership && !Live.IsPart;

    /// <summary>Whether this process's part in the run is over when this handle is ended: the run itself, or what it does for another process's.</summary>
    internal bool EndsHere => _ownership == Live.Ownership;

    internal LiveRun Live { get; }

    /// <summary>The same run, for events that happened at a moment of their own: durations are made of those, silence of when they are told. What comes up to a minute late keeps its place in the run's time.</summary>
    /// <param name="moment">When it happened; a moment to come means now, one before the run's start means its start.</param>
    /// <returns>A handle whose verbs happen then.</returns>
    public WorkflowRun At(DateTimeOffset moment) => new(Live, moment, _ownership);

    /// <summary>Makes the run <see cref="Current"/>, and its span the current one, until the scope is disposed: for engines that call the work between two hooks.</summary>
    /// <returns>What makes current again what was.</returns>
    public IDisposable MakeCurrent() => new AmbientScope(Ambient.Enter(Live, null));

    /// <summary>Plans stages, before or after the start of the run; one that is there already keeps what it has.</summary>
    /// <param name="stages">The stages, in order; they may depend on each other and on stages that are there.</param>
    /// <exception cref="ArgumentException">A stage is null or there twice, or depends on an unknown one or on itself.</exception>
    public void Plan(params IReadOnlyList<PlannedStage> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        if (stages.Contains(null))
        {
            throw new ArgumentException("A stage is null.", nameof(stages));
        }

        WorkflowRunOptions.CheckStages(stages, Live.Read((run, _) => run.Model.Stages.Select(s => s.Name).ToHashSet(StringComparer.Ordinal)), nameof(stages));
        Live.Apply(new PlanStages([.. stages]), _own);
    }

    /// <summary>Starts a stage. A name that the run has had before makes another attempt at that stage: a new span, the same counts.</summary>
    /// <param name="stage">The stage's name, 1 to 200 characters: the <c>workflow.stage.name</c> attribute.</param>
    /// <param name="expectedTasks">How many tasks this attempt has, 0 to 2^53; null when it is unknown, was planned, or is the same as in the attempt before.</param>
    /// <returns>The running stage: end it with <see cref="WorkflowStage.Complete"/> or another result.</returns>
    /// <exception cref="ArgumentException">The name is empty or longer than 200 characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of tasks is negative or over 2^53.</exception>
    public WorkflowStage StartStage(string stage, long? expectedTasks = null)
    {
        Checked.Name(stage, "A stage");
        return WorkflowStage.Of(Live.Open.Start(stage, expectedTasks is { } tasks ? Checked.Count(tasks, nameof(expectedTasks)) : null, _own));
    }

    /// <summary>Runs a stage: its span is current in the body, and its result comes from the body: returned, threw, cancelled.</summary>
    /// <param name="stage">The stage's name, 1 to 200 characters.</param>
    /// <param name="body">The stage's work.</param>
    /// <param name="expectedTasks">How many tasks this attempt has, 0 to 2^53; null when it is unknown or was planned.</param>
    /// <param name="cancellationToken">Passed to the body.</param>
    /// <returns>A task that ends as the body's does.</returns>
    [OverloadResolutionPriority(1)]
    public Task StageAsync(string stage, Func<WorkflowStage, CancellationToken, Task> body, long? expectedTasks = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunStage(stage, expectedTasks, async (s, ct) => { await body(s, ct).ConfigureAwait(false); return true; }, cancellationToken);
    }

    /// <inheritdoc cref="StageAsync(string, Func{WorkflowStage, CancellationToken, Task}, long?, CancellationToken)"/>
    public Task StageAsync(string stage, Func<WorkflowStage, CancellationToken, ValueTask> body, long? expectedTasks = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunStage(stage, expectedTasks, async (s, ct) => { await body(s, ct).ConfigureAwait(false); return true; }, cancellationToken);
    }

    /// <summary>Runs a stage that returns something: its span is current in the body, and its result comes from the body: returned, threw, cancelled.</summary>
    /// <typeparam name="T">What the body returns.</typeparam>
    /// <param name="stage">The stage's name, 1 to 200 characters.</param>
    /// <param name="body">The stage's work.</param>
    /// <param name="expectedTasks">How many tasks this attempt has, 0 to 2^53; null when it is unknown or was planned.</param>
    /// <param name="cancellationToken">Passed to the body.</param>
    /// <returns>What the body returned.</returns>
    [OverloadResolutionPriority(1)]
    public Task<T> StageAsync<T>(string stage, Func<WorkflowStage, CancellationToken, Task<T>> body, long? expectedTasks = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunStage(stage, expectedTasks, async (s, ct) => await body(s, ct).ConfigureAwait(false), cancellationToken);
    }

    /// <inheritdoc cref="StageAsync{T}(string, Func{WorkflowStage, CancellationToken, Task{T}}, long?, CancellationToken)"/>
    public Task<T> StageAsync<T>(string stage, Func<WorkflowStage, CancellationToken, ValueTask<T>> body, long? expectedTasks = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunStage(stage, expectedTasks, body, cancellationToken);
    }

    /// <summary>Says where an identified task stands: in the stage that the id was first seen in, which is the one that started last, or one named <c>main</c> when none is running.</summary>
    /// <param name="taskId">The task's id: data, of any length.</param>
    /// <param name="state">Its state. A task that ended well stays as it is; one that failed may be tried again, and its last result counts.</param>
    /// <param name="completion">How much of it is done, 0 to 1; a smaller number than before is ignored.</param>
    /// <exception cref="ArgumentOutOfRangeException">The state is none of the enumeration's, or the completion is not a number from 0 to 1.</exception>
    public void UpdateTask(string taskId, WorkflowTaskState state, double? completion = null)
    {
        var id = WorkflowStage.CheckUpdate(taskId, state, completion);
        Live.Open.UpdateTask(id, state, completion, _own);
    }

    /// <summary>Declares how many tasks the whole run has; fewer than before too, but not fewer than its stages know of.</summary>
    /// <param name="total">0 to 2^53.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative or over 2^53.</exception>
    public void ExpectTasks(long total) => Live.Apply(new ExpectTotal(Checked.Count(total)), _own);

    /// <summary>The run ended well. Stages that are still open end with it, in the same way, and what was expected beyond what is done was not needed.</summary>
    public void Complete() => End(WorkflowResult.Success);

    /// <summary>The run failed.</summary>
    /// <param name="errorType">The <c>error.type</c>: a short, bounded name of what went wrong; default: <c>failure</c>.</param>
    [OverloadResolutionPriority(1)]
    public void Fail(string? errorType = null) => End(WorkflowResult.Failure, errorType);

    /// <summary>The run failed with an exception: a timeout, a cancellation or a failure, by its type.</summary>
    /// <param name="exception">What went wrong; its type's full name becomes the <c>error.type</c>.</param>
    public void Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        End(Results.Of(exception, isCancelled: true), exception.GetType().FullName);
    }

    /// <summary>This attempt at the run failed, and another follows under the same id: the run stays live, its open stages end, what is done stays done. The attempt to come starts the workflow with <see cref="WhenLive.TakeOver"/>.</summary>
    /// <param name="errorType">The <c>error.type</c> of the attempt.</param>
    [OverloadResolutionPriority(1)]
    public void Retry(string? errorType = null)
    {
        if (IsOwner)
        {
            Live.Outcome.Retry(WorkflowResult.Failure, errorType, _own);
        }
    }

    /// <inheritdoc cref="Retry(string?)"/>
    /// <param name="exception">What went wrong.</param>
    public void Retry(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Retry(exception.GetType().FullName);
    }

    /// <summary>The run was cancelled.</summary>
    public void Cancel() => End(WorkflowResult.Cancellation);

    /// <summary>The run ended as <paramref name="result"/> says. A handle that doesn't own the run leaves it as it is.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="errorType">The <c>error.type</c> of a result that is an error.</param>
    /// <exception cref="ArgumentOutOfRangeException">The result is none of the enumeration's.</exception>
    public void End(WorkflowResult result, string? errorType = null)
    {
        Results.Checked(result);
        Live.Outcome.End(_ownership, result, errorType, _own);
    }

    /// <summary>Where the run stands now, or stood when it ended.</summary>
    /// <returns>A view that doesn't change.</returns>
    public WorkflowStatus GetStatus() => Live.GetStatus(forecasts: true);

    /// <summary>Reports on the run as it is now, or was when it ended.</summary>
    /// <returns>A view that doesn't change.</returns>
    public ProgressReport GetReport() => ReportAnalysis.Of(RunReader.Facts(Live));

    /// <summary>Ends the run, if it still runs and this handle owns it, as <c>abandoned</c>: an <see cref="IDisposable"/> can't see whether an exception passed through.</summary>
    public void Dispose()
    {
        Live.Outcome.End(_ownership, WorkflowResult.Abandoned, null, _own, isDispose: true);
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The handle of whoever started the run.</summary>
    internal static WorkflowRun Of(LiveRun live) => (WorkflowRun)(live.Handle ??= new WorkflowRun(live, null, ownership: 0));

    /// <summary>A handle of whoever joins the run, which doesn't own it.</summary>
    internal static WorkflowRun Joining(LiveRun live) => new(live, null, ownership: -1);

    /// <summary>A handle of whoever takes the run over.</summary>
    internal static WorkflowRun TakingOver(LiveRun live) => new(live, null, live.TakeOver());

    private async Task<T> RunStage<T>(string stage, long? expectedTasks, Func<WorkflowStage, CancellationToken, ValueTask<T>> body, CancellationToken cancellationToken)
    {
        var started = StartStage(stage, expectedTasks);
        return await Scope.RunAsync(Live, started.Live, ct => body(started, ct), isRetried: null, cancellationToken).ConfigureAwait(false);
    }
}
