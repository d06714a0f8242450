using System.Diagnostics;
using ProgressTelemetry.Instrumentation;
using ProgressTelemetry.Tracking;

namespace ProgressTelemetry;

/// <summary>
/// A run of a workflow, and its span. All members may be called from any thread. After its end, calls are late: ignored, counted in <c>progress.tracker.errors</c>, and logged once.
/// </summary>
/// <remarks>
/// Starting a run or a stage doesn't change <see cref="Activity.Current"/>, because both are objects that other threads may end. <see cref="ProgressTracker.RunAsync(string, Func{WorkflowRun, CancellationToken, Task}, WorkflowRunOptions?, CancellationToken)"/>
/// and <see cref="StageAsync(string, Func{WorkflowStage, CancellationToken, Task}, long?, CancellationToken)"/> make their span current for their body.
/// </remarks>
public sealed class WorkflowRun : IDisposable
{
    internal WorkflowRun(RunState state) => State = state;

    /// <summary>The run's id.</summary>
    public string Id => State.Id;

    /// <summary>The workflow's name.</summary>
    public string Workflow => State.Workflow;

    /// <summary>The run's span; null when nobody traces.</summary>
    public Activity? Activity => State.Activity;

    /// <summary>Whether the run has ended.</summary>
    public bool IsEnded => State.IsEnded;

    internal RunState State { get; }

    private long Now => State.Clock.Now;

    /// <summary>Starts a stage. A name that the run has had before makes another attempt at that stage: a new span, the same counts.</summary>
    /// <param name="stage">The stage's name, 1 to 200 characters: the <c>workflow.stage.name</c> attribute.</param>
    /// <param name="expectedTasks">How many tasks this attempt has, 0 to 2^53; null when it is unknown or was planned.</param>
    /// <returns>The running stage: end it with <see cref="WorkflowStage.Complete"/> or another result.</returns>
    /// <exception cref="ArgumentException">The name is empty or longer than 200 characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of tasks is negative or over 2^53.</exception>
    public WorkflowStage StartStage(string stage, long? expectedTasks = null)
    {
        Checked.Name(stage, "A stage");
        return State.StartStage(stage, expectedTasks is { } tasks ? Checked.Count(tasks, nameof(expectedTasks)) : null, Now);
    }

    /// <summary>Runs a stage: its span is current in the body, and its result comes from the body: returned, threw, cancelled.</summary>
    /// <param name="stage">The stage's name, 1 to 200 characters.</param>
    /// <param name="body">The stage's work.</param>
    /// <param name="expectedTasks">How many tasks this attempt has, 0 to 2^53; null when it is unknown or was planned.</param>
    /// <param name="cancellationToken">Passed to the body.</param>
    /// <returns>A task that ends as the body's does.</returns>
    public Task StageAsync(string stage, Func<WorkflowStage, CancellationToken, Task> body, long? expectedTasks = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Scope.RunAsync(StartStage(stage, expectedTasks), body.WithResult(), s => s.Activity, (s, result, errorType) => s.EndIfOpen(result, errorType), cancellationToken);
    }

    /// <summary>Runs a stage that returns something: its span is current in the body, and its result comes from the body: returned, threw, cancelled.</summary>
    /// <typeparam name="T">What the body returns.</typeparam>
    /// <param name="stage">The stage's name, 1 to 200 characters.</param>
    /// <param name="body">The stage's work.</param>
    /// <param name="expectedTasks">How many tasks this attempt has, 0 to 2^53; null when it is unknown or was planned.</param>
    /// <param name="cancellationToken">Passed to the body.</param>
    /// <returns>What the body returned.</returns>
    public Task<T> StageAsync<T>(string stage, Func<WorkflowStage, CancellationToken, Task<T>> body, long? expectedTasks = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Scope.RunAsync(StartStage(stage, expectedTasks), body, s => s.Activity, (s, result, errorType) => s.EndIfOpen(result, errorType), cancellationToken);
    }

    /// <summary>Says where an identified task stands: in the stage that the id was first seen in, which is the one that started last, or one named <c>main</c> when none is running.</summary>
    /// <param name="taskId">The task's id, 1 to 200 characters.</param>
    /// <param name="state">Its state. Once it has ended, later updates are late.</param>
    /// <param name="completion">How much of it is done, 0 to 1; a smaller number than before is ignored.</param>
    /// <exception cref="ArgumentException">The id is empty or longer than 200 characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The state is none of the enumeration's, or the completion is not a number from 0 to 1.</exception>
    public void UpdateTask(string taskId, WorkflowTaskState state, double? completion = null)
    {
        WorkflowStage.CheckUpdate(taskId, state, completion);
        State.UpdateTask(null, taskId, state, completion, Now);
    }

    /// <summary>Declares how many tasks the whole run has. The number may grow; a smaller one than before is ignored.</summary>
    /// <param name="total">0 to 2^53.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative or over 2^53.</exception>
    public void ExpectTasks(long total) => State.ExpectTotal(Checked.Count(total), Now);

    /// <summary>The run ended well. Stages that are still open end with it, in the same way.</summary>
    public void Complete() => End(WorkflowResult.Success);

    /// <summary>The run failed.</summary>
    /// <param name="errorType">The <c>error.type</c>: a short, bounded name of what went wrong.</param>
    public void Fail(string? errorType = null) => End(WorkflowResult.Failure, errorType);

    /// <summary>The run failed with an exception: a timeout, a cancellation or a failure, by its type.</summary>
    /// <param name="exception">What went wrong; its type's full name becomes the <c>error.type</c>.</param>
    public void Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        End(Results.Of(exception), exception.GetType().FullName);
    }

    /// <summary>The run was cancelled.</summary>
    public void Cancel() => End(WorkflowResult.Cancellation);

    /// <summary>The run ended as <paramref name="result"/> says.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="errorType">The <c>error.type</c> of a result that is an error.</param>
    /// <exception cref="ArgumentOutOfRangeException">The result is none of the enumeration's.</exception>
    public void End(WorkflowResult result, string? errorType = null) => State.End(Results.Checked(result), errorType, Now);

    /// <summary>Where the run stands now, or stood when it ended.</summary>
    /// <returns>A view that doesn't change.</returns>
    public WorkflowStatus GetStatus() => State.Status(Now);

    /// <summary>Reports on the run as it is now, or was when it ended.</summary>
    /// <returns>A view that doesn't change.</returns>
    public ProgressReport GetReport() => ProgressReport.Of(State);

    /// <summary>Ends the run, if it still runs, as <c>abandoned</c>: an <see cref="IDisposable"/> can't see whether an exception passed through.</summary>
    public void Dispose() => EndIfOpen(WorkflowResult.Abandoned, null);

    internal void EndIfOpen(WorkflowResult result, string? errorType) => State.End(result, errorType, Now, isDispose: true);
}
