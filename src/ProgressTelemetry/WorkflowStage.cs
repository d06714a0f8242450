using System.Diagnostics;
using System.Runtime.CompilerServices;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry;

/// <summary>
/// An attempt at a stage of a run, and its span. All members may be called from any thread. After its end, or the run's, calls are late: ignored, counted in <c>progress.tracker.errors</c>, and logged once.
/// </summary>
public sealed class WorkflowStage : IDisposable, IAsyncDisposable
{
    private readonly LiveStage _live;
    private readonly DateTimeOffset? _own;

    private WorkflowStage(LiveStage live, DateTimeOffset? own) => (_live, _own) = (live, own);

    /// <summary>The stage that the present flow of calls works for: the innermost <c>StageAsync</c> around it, or what <see cref="MakeCurrent"/> made current; null outside of any.</summary>
    public static WorkflowStage? Current => Ambient.Current?.Stage is { } stage ? Of(stage) : null;

    /// <summary>The stage's name.</summary>
    public string Name => _live.Stage.Name;

    /// <summary>The run that it belongs to.</summary>
    public WorkflowRun Run => WorkflowRun.Of(_live.Run);

    /// <summary>The attempt's span; null when nobody traces. <see cref="WorkflowRun.StageAsync(string, Func{WorkflowStage, CancellationToken, Task}, long?, CancellationToken)"/> makes it current for the stage's body.</summary>
    public Activity? Activity => _live.Activity;

    /// <summary>Whether the attempt has ended.</summary>
    public bool IsEnded => _live.Attempt.IsEnded;

    internal LiveStage Live => _live;

    /// <summary>The same stage, for events that happened at a moment of their own: durations are made of those, silence of when they are told.</summary>
    /// <param name="moment">When it happened; a moment to come means now.</param>
    /// <returns>A handle whose verbs happen then.</returns>
    public WorkflowStage At(DateTimeOffset moment) => new(_live, moment);

    /// <summary>Makes the stage <see cref="Current"/>, and its span the current one, until the scope is disposed: for engines that call the work between two hooks.</summary>
    /// <returns>What makes current again what was.</returns>
    public IDisposable MakeCurrent() => new AmbientScope(Ambient.Enter(_live.Run, _live));

    /// <summary>One task ended well. Allocates nothing, and takes no lock but where somebody has to look: at a thread's first task, at a milestone, once after each tick of the timer, for a listener of tasks.</summary>
    public void CompleteTask()
    {
        if (_own is null)
        {
            _live.Add(1);
        }
        else
        {
            AddTasks(WorkflowResult.Success, 1);
        }
    }

    /// <summary>Some tasks ended well. Costs what <see cref="CompleteTask"/> does.</summary>
    /// <param name="count">How many, 0 to 2^53. More than expected raises what is expected.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or over 2^53.</exception>
    public void CompleteTasks(long count)
    {
        if (Checked.Count(count) > 0 && _own is null)
        {
            _live.Add(count);
        }
        else
        {
            AddTasks(WorkflowResult.Success, count);
        }
    }

    /// <summary>One task failed. It counts as completed, with result <c>failure</c>: its turn is over.</summary>
    public void FailTask() => AddTasks(WorkflowResult.Failure, 1);

    /// <summary>Some tasks failed. They count as completed, with result <c>failure</c>: their turn is over.</summary>
    /// <param name="count">How many, 0 to 2^53.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or over 2^53.</exception>
    public void FailTasks(long count) => AddTasks(WorkflowResult.Failure, Checked.Count(count));

    /// <summary>One task was not needed: it is done, and tells nothing of the pace.</summary>
    public void SkipTask() => AddTasks(WorkflowResult.Skip, 1);

    /// <summary>Some tasks were not needed: they are done, and tell nothing of the pace.</summary>
    /// <param name="count">How many, 0 to 2^53.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or over 2^53.</exception>
    public void SkipTasks(long count) => AddTasks(WorkflowResult.Skip, Checked.Count(count));

    /// <summary>Starts a timed task. Allocates nothing but the first handles.</summary>
    /// <param name="taskId">The task's id within the stage, when it has one: data, of any length. A task that failed may be started again: it counts once, and its last result counts.</param>
    /// <returns>The running task: end it with <see cref="WorkflowTask.Complete"/>, <see cref="WorkflowTask.Fail()"/> or <see cref="WorkflowTask.Skip"/>.</returns>
    public WorkflowTask StartTask(string? taskId = null)
    {
        var (task, version) = _live.Run.Apply<StartTask, TaskHandle>(new StartTask(_live.Attempt, taskId is null ? null : Checked.Text(taskId)), _own);
        return task is null ? default : new WorkflowTask(_live.Run, task, version);
    }

    /// <summary>Says where an identified task of this stage stands.</summary>
    /// <param name="taskId">The task's id within the stage: data, of any length.</param>
    /// <param name="state">Its state. A task that ended well stays as it is; one that failed may be tried again, and its last result counts.</param>
    /// <param name="completion">How much of it is done, 0 to 1; a smaller number than before is ignored.</param>
    /// <exception cref="ArgumentOutOfRangeException">The state is none of the enumeration's, or the completion is not a number from 0 to 1.</exception>
    public void UpdateTask(string taskId, WorkflowTaskState state, double? completion = null)
    {
        var id = CheckUpdate(taskId, state, completion);
        _live.Run.Apply(new UpdateTask(_live.Attempt, id, state, completion), _own);
    }

    /// <summary>Declares how many tasks the stage has in all; fewer than before too, but not fewer than are done.</summary>
    /// <param name="count">0 to 2^53.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or over 2^53.</exception>
    public void ExpectTasks(long count) => _live.Run.Apply(new ExpectTasks(_live.Attempt, Checked.Count(count)), _own);

    /// <summary>The stage's work was sent back, to be done again; possible after the stage's end too, while the run lives.</summary>
    /// <param name="reason">Why, for the log and the listeners.</param>
    /// <param name="version">Which version was sent back, for the log and the listeners.</param>
    public void RecordRevision(string? reason = null, string? version = null) =>
        _live.Run.Apply(new Revise(_live.Attempt, reason, version), _own);

    /// <summary>The stage processed domain items, which are not its tasks: platforms, records, bytes.</summary>
    /// <param name="kind">What kind, 1 to 200 characters: the <c>workflow.item.kind</c> attribute.</param>
    /// <param name="count">How many, 0 to 2^53.</param>
    /// <exception cref="ArgumentException">The kind is empty or longer than 200 characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or over 2^53.</exception>
    public void RecordItems(string kind, long count = 1) =>
        _live.Run.Apply(new AddItems(_live.Attempt, Checked.Name(kind, "A kind of item"), Checked.Count(count)), _own);

    /// <summary>
    /// Declares that the stage waits (for an approval, a queue, a rate limit): until the scope is disposed its silence is no stall and its time is wait time. A timed task may declare its own wait; while more timed tasks run than waits
    /// are open, the others' silence counts.
    /// </summary>
    /// <param name="reason">What it waits for, for the log: data, of any length.</param>
    /// <returns>The scope that ends the wait.</returns>
    public WaitScope Wait(string reason)
    {
        var text = Checked.Text(reason);
        var begun = _live.Run.Apply(new BeginWait(_live.Attempt, text), _own);
        return new WaitScope(begun ? () => _live.Run.Apply(new EndWait(_live.Attempt)) : null, text);
    }

    /// <summary>
    /// The stage's progress for code that reports a fraction from 0 to 1: a part of the stage's work. Reports are taken as they come: a smaller one than before is ignored; one outside the range is cut to it and, as what is no
    /// number, counted in <c>progress.tracker.errors</c>.
    /// </summary>
    /// <returns>A progress that may be reported to from any thread, and does its work on the reporting one.</returns>
    public IProgress<double> AsProgress() => new FractionProgress(_live, _own, unit: 1);

    /// <summary>The stage's progress for code that reports percent, 0 to 100; otherwise as <see cref="AsProgress"/>.</summary>
    /// <returns>A progress that may be reported to from any thread, and does its work on the reporting one.</returns>
    public IProgress<double> AsPercentProgress() => new FractionProgress(_live, _own, unit: 100);

    /// <summary>The stage ended well: what it expected beyond what is done was not needed.</summary>
    public void Complete() => End(WorkflowResult.Success);

    /// <summary>The stage failed.</summary>
    /// <param name="errorType">The <c>error.type</c>: a short, bounded name of what went wrong; default: <c>failure</c>.</param>
    [OverloadResolutionPriority(1)]
    public void Fail(string? errorType = null) => End(WorkflowResult.Failure, errorType);

    /// <summary>The stage failed with an exception: a timeout, a cancellation or a failure, by its type.</summary>
    /// <param name="exception">What went wrong; its type's full name becomes the <c>error.type</c>.</param>
    public void Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        End(Results.Of(exception, isCancelled: true), exception.GetType().FullName);
    }

    /// <summary>The stage was not needed.</summary>
    public void Skip() => End(WorkflowResult.Skip);

    /// <summary>The stage was cancelled.</summary>
    public void Cancel() => End(WorkflowResult.Cancellation);

    /// <summary>The stage ended as <paramref name="result"/> says.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="errorType">The <c>error.type</c> of a result that is an error.</param>
    /// <exception cref="ArgumentOutOfRangeException">The result is none of the enumeration's.</exception>
    public void End(WorkflowResult result, string? errorType = null) =>
        _live.Run.Open.End(_live, Results.Checked(result), errorType, _own, isDispose: false);

    /// <summary>Ends the stage, if it still runs, as <c>abandoned</c>: an <see cref="IDisposable"/> can't see whether an exception passed through.</summary>
    public void Dispose() => _live.Run.Open.End(_live, WorkflowResult.Abandoned, null, _own, isDispose: true);

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal static WorkflowStage Of(LiveStage live) => (WorkflowStage)(live.Handle ??= new WorkflowStage(live, null));

    internal static string CheckUpdate(string taskId, WorkflowTaskState state, double? completion)
    {
        var id = Checked.Text(taskId);
        if (!Enum.IsDefined(state))
        {
            throw new ArgumentOutOfRangeException(nameof(state), state, "This is no state of a task.");
        }

        if (completion is { } ratio)
        {
            Checked.Ratio(ratio, nameof(completion));
        }

        return id;
    }

    internal void BeginLoop(long tasks) => _live.Run.Apply(new BeginLoop(_live.Attempt, tasks), _own);

    internal void LeaveLoop(long undone) => _live.Run.Apply(new LeaveLoop(_live.Attempt, undone), _own);

    private void AddTasks(WorkflowResult result, long count)
    {
        if (count > 0)
        {
            _live.Run.Apply(new AddTasks(_live.Attempt, result, count), _own);
        }
    }
}
