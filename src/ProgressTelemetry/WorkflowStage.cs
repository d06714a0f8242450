using System.Diagnostics;
using ProgressTelemetry.Instrumentation;
using ProgressTelemetry.Tracking;

namespace ProgressTelemetry;

/// <summary>
/// An attempt at a stage of a run, and its span. All members may be called from any thread. After its end, or the run's, calls are late: ignored, counted in <c>progress.tracker.errors</c>, and logged once.
/// </summary>
public sealed class WorkflowStage : IDisposable
{
    private readonly TrackerClock _clock;
    private StripedCount _counts;
    private bool _isEnded;
    private List<TaskSlot>? _slots;
    private TaskSlot? _freeSlot;

    internal WorkflowStage(StageState state, long startedAt)
    {
        State = state;
        Name = state.Name;
        StartedAt = startedAt;
        _clock = state.Run.Clock;
    }

    /// <summary>The stage's name.</summary>
    public string Name { get; }

    /// <summary>The run that it belongs to.</summary>
    public WorkflowRun Run => State.Run.Handle;

    /// <summary>The attempt's span; null when nobody traces. <see cref="WorkflowRun.StageAsync(string, Func{WorkflowStage, CancellationToken, Task}, long?, CancellationToken)"/> makes it current for the stage's body.</summary>
    public Activity? Activity { get; internal set; }

    /// <summary>Whether the attempt has ended.</summary>
    public bool IsEnded => Volatile.Read(ref _isEnded);

    internal StageState State { get; }

    internal long StartedAt { get; }

    internal int Waits { get; set; }

    /// <summary>Tasks announced at its start.</summary>
    internal long Announced { get; set; }

    /// <summary>Tasks that ended in it and are not in <see cref="Counts"/>; those that only updates told of are nobody's.</summary>
    internal long Tallied { get; set; }

    internal long Counts => _counts.Sum;

    internal int Cells => _counts.Cells;

    /// <summary>One task ended well. Allocates nothing, and takes no lock but where somebody has to look: at a thread's first task, at a milestone, for a listener of tasks, which may then be called on this thread.</summary>
    public void CompleteTask() => Add(1);

    /// <summary>Some tasks ended well. Costs what <see cref="CompleteTask"/> does.</summary>
    /// <param name="count">How many, 0 to 2^53. More than expected raises what is expected.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or over 2^53.</exception>
    public void CompleteTasks(long count)
    {
        if (Checked.Count(count) > 0)
        {
            Add(count);
        }
    }

    /// <summary>One task failed. It counts as completed, with result <c>failure</c>: its turn is over.</summary>
    public void FailTask() => State.Run.AddTasks(this, WorkflowResult.Failure, 1, _clock.Now);

    /// <summary>One task was not needed.</summary>
    public void SkipTask() => State.Run.AddTasks(this, WorkflowResult.Skip, 1, _clock.Now);

    /// <summary>Some tasks were not needed.</summary>
    /// <param name="count">How many, 0 to 2^53.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or over 2^53.</exception>
    public void SkipTasks(long count)
    {
        if (Checked.Count(count) > 0)
        {
            State.Run.AddTasks(this, WorkflowResult.Skip, count, _clock.Now);
        }
    }

    /// <summary>Starts a timed task. Allocates nothing but the first slots.</summary>
    /// <param name="taskId">The task's id within the stage, when it has one, 1 to 200 characters.</param>
    /// <returns>The running task: end it with <see cref="WorkflowTask.Complete"/>, <see cref="WorkflowTask.Fail"/> or <see cref="WorkflowTask.Skip"/>.</returns>
    /// <exception cref="ArgumentException">The id is empty or longer than 200 characters.</exception>
    public WorkflowTask StartTask(string? taskId = null)
    {
        if (taskId is not null)
        {
            Checked.Name(taskId, "A task id");
        }

        return State.Run.StartTask(this, taskId, _clock.Now);
    }

    /// <summary>Says where an identified task of this stage stands.</summary>
    /// <param name="taskId">The task's id within the stage, 1 to 200 characters.</param>
    /// <param name="state">Its state. Once it has ended, later updates are late.</param>
    /// <param name="completion">How much of it is done, 0 to 1; a smaller number than before is ignored.</param>
    /// <exception cref="ArgumentException">The id is empty or longer than 200 characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The state is none of the enumeration's, or the completion is not a number from 0 to 1.</exception>
    public void UpdateTask(string taskId, WorkflowTaskState state, double? completion = null)
    {
        CheckUpdate(taskId, state, completion);
        State.Run.UpdateTask(this, taskId, state, completion, _clock.Now);
    }

    /// <summary>Declares how many tasks the stage has in all. The number may grow; a smaller one than before is ignored.</summary>
    /// <param name="count">0 to 2^53.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or over 2^53.</exception>
    public void ExpectTasks(long count) => State.Run.ExpectTasks(this, Checked.Count(count), _clock.Now);

    /// <summary>The stage's work was sent back, to be done again; possible after the stage's end too, while the run lives.</summary>
    /// <param name="reason">Why, for the log and the listeners.</param>
    /// <param name="version">Which version was sent back, for the log and the listeners.</param>
    public void RecordRevision(string? reason = null, string? version = null) =>
        State.Run.Revise(this, reason, version, _clock.Now);

    /// <summary>The stage processed domain items, which are not its tasks: platforms, records, bytes.</summary>
    /// <param name="kind">What kind, 1 to 200 characters: the <c>workflow.item.kind</c> attribute.</param>
    /// <param name="count">How many, 0 to 2^53.</param>
    /// <exception cref="ArgumentException">The kind is empty or longer than 200 characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or over 2^53.</exception>
    public void RecordItems(string kind, long count = 1) =>
        State.Run.AddItems(this, Checked.Name(kind, "A kind of item"), Checked.Count(count), _clock.Now);

    /// <summary>
    /// Declares that the stage waits (for an approval, a queue, a rate limit): until the scope is disposed its silence is no stall and its time is wait time. A timed task may declare its own wait; while more timed tasks run than waits
    /// are open, the others' silence counts.
    /// </summary>
    /// <param name="reason">What it waits for, 1 to 200 characters, for the log.</param>
    /// <returns>The scope that ends the wait.</returns>
    /// <exception cref="ArgumentException">The reason is empty or longer than 200 characters.</exception>
    public WaitScope Wait(string reason)
    {
        Checked.Name(reason, "A wait");
        return new WaitScope(State.Run.BeginWait(this, reason, _clock.Now) ? this : null, reason);
    }

    /// <summary>
    /// The stage's progress for code that reports a fraction from 0 to 1. Reports are taken as they come: fractions outside are cut to the range, a smaller one than before is ignored, and what is no number is counted in <c>progress.tracker.errors</c>.
    /// </summary>
    /// <returns>A progress that may be reported to from any thread, and does its work on the reporting one.</returns>
    public IProgress<double> AsProgress() => new FractionProgress(this);

    /// <summary>The stage ended well.</summary>
    public void Complete() => End(WorkflowResult.Success);

    /// <summary>The stage failed.</summary>
    /// <param name="errorType">The <c>error.type</c>: a short, bounded name of what went wrong.</param>
    public void Fail(string? errorType = null) => End(WorkflowResult.Failure, errorType);

    /// <summary>The stage failed with an exception: a timeout, a cancellation or a failure, by its type.</summary>
    /// <param name="exception">What went wrong; its type's full name becomes the <c>error.type</c>.</param>
    public void Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        End(Results.Of(exception), exception.GetType().FullName);
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
        State.Run.EndStage(this, Results.Checked(result), errorType, _clock.Now);

    /// <summary>Ends the stage, if it still runs, as <c>abandoned</c>: an <see cref="IDisposable"/> can't see whether an exception passed through.</summary>
    public void Dispose() => EndIfOpen(WorkflowResult.Abandoned, null);

    internal void EndIfOpen(WorkflowResult result, string? errorType) =>
        State.Run.EndStage(this, result, errorType, _clock.Now, isDispose: true);

    /// <summary>A stage that was started after its run's end: everything about it is late.</summary>
    internal static WorkflowStage Ended(RunState run, string name)
    {
        var definition = run.Tracker.Definitions.OtherStage!;
        var stage = new WorkflowStage(new StageState(run, name, 0, definition, new Estimation.RunModel().AddStage(name, null)), run.StartedAt);
        stage.Close();
        return stage;
    }

    internal static void CheckUpdate(string taskId, WorkflowTaskState state, double? completion)
    {
        Checked.Name(taskId, "A task id");
        if (!Enum.IsDefined(state))
        {
            throw new ArgumentOutOfRangeException(nameof(state), state, "This is no state of a task.");
        }

        if (completion is { } ratio)
        {
            Checked.Ratio(ratio, nameof(completion));
        }
    }

    internal void BeginLoop(long tasks) => State.Run.BeginLoop(this, tasks, _clock.Now);

    internal void LeaveLoop(long undone) => State.Run.LeaveLoop(this, undone);

    internal void SetLimits(long perCell) => _counts.SetLimits(perCell);

    /// <summary>When a task was last merely counted; 0 before the first.</summary>
    internal long LastCounted(long now) => _counts.Last is var last and not 0 ? Math.Min(now, _clock.FromCoarse(last, now)) : long.MinValue;

    /// <summary>Closes the attempt under the run's lock and returns its final count.</summary>
    internal long Close()
    {
        Volatile.Write(ref _isEnded, true);
        return _counts.Close();
    }

    internal TaskSlot RentSlot()
    {
        if (_freeSlot is { } slot)
        {
            _freeSlot = slot.NextFree;
            slot.NextFree = null;
        }
        else
        {
            slot = new TaskSlot(this);
            (_slots ??= []).Add(slot);
        }

        slot.IsRunning = true;
        return slot;
    }

    internal void ReturnSlot(TaskSlot slot)
    {
        slot.IsRunning = false;
        slot.NextFree = _freeSlot;
        _freeSlot = slot;
    }

    /// <summary>Timed tasks that outlive the attempt are abandoned with it.</summary>
    internal void AbandonTasks(long now)
    {
        foreach (var slot in _slots ?? [])
        {
            if (slot.IsRunning)
            {
                slot.IsRunning = false;
                State.Run.AbandonTask(slot, now);
            }
        }
    }

    internal void EndWait() => State.Run.EndWait(this, _clock.Now);

    internal void ReportFraction(double fraction)
    {
        if (double.IsNaN(fraction))
        {
            State.Run.Tracker.Errors.Add(TrackerErrors.ProgressInvalid, $"stage '{Name}' was reported a progress that is no number");
            return;
        }

        State.Run.ReportFraction(this, Math.Clamp(fraction, 0, 1), _clock.Now);
    }

    private void Add(long count)
    {
        var added = _counts.Add(count, _clock.Coarse);
        if (added != Added.Quietly)
        {
            Look(added);
        }
    }

    private void Look(Added added)
    {
        switch (added)
        {
            case Added.Closed:
                State.Run.Tracker.Errors.Add(TrackerErrors.LateUpdate, $"a task after the end of stage '{Name}' of run '{State.Run.Id}'");
                break;
            case Added.Overflow:
                State.Run.Tracker.Errors.Add(TrackerErrors.CountOverflow, $"stage '{Name}' of run '{State.Run.Id}' has 2^53 tasks");
                break;
            default:
                // Whoever is about to tell the listeners of this stage's counts will see this one among them; see RunState.TakeCounts.
                if (!State.CountsQueued)
                {
                    State.Run.Counted(this, _clock.Now);
                }

                break;
        }
    }

    private sealed class FractionProgress(WorkflowStage stage) : IProgress<double>
    {
        public void Report(double value) => stage.ReportFraction(value);
    }
}
