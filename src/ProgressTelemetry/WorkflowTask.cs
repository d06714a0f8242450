using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry;

/// <summary>
/// A running task that is timed, from <see cref="WorkflowStage.StartTask"/> to its end. Any copy may end it; what comes after its end is ignored, and counted as late.
/// </summary>
[SuppressMessage("Performance", "CA1815", Justification = "A scope, not a value: nobody compares two of them")]
[SuppressMessage("Usage", "MA0077", Justification = "A scope, not a value: nobody compares two of them")]
public readonly struct WorkflowTask : IDisposable
{
    private readonly LiveRun? _run;
    private readonly TimedTask? _task;
    private readonly int _version;
    private readonly DateTimeOffset? _own;

    internal WorkflowTask(LiveRun run, TimedTask? task, int version, DateTimeOffset? own = null) => (_run, _task, _version, _own) = (run, task, version, own);

    /// <summary>The same task, for events that happened at a moment of their own: durations are made of those, silence of when they are told.</summary>
    /// <param name="moment">When it happened; a moment to come means now.</param>
    /// <returns>A handle whose verbs happen then.</returns>
    public WorkflowTask At(DateTimeOffset moment) => _run is null ? this : new WorkflowTask(_run, _task, _version, moment);

    /// <summary>The task ended well.</summary>
    public void Complete() => EndCore(WorkflowResult.Success);

    /// <summary>The task failed. It counts as completed, with result <c>failure</c>: its turn is over. One with an id may be started again while its stage is open; then its last result counts.</summary>
    public void Fail() => EndCore(WorkflowResult.Failure);

    /// <summary>The task failed with an exception: a timeout, a cancellation or a failure, by its type.</summary>
    /// <param name="exception">What went wrong.</param>
    public void Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        EndCore(Results.Of(exception, isCancelled: true));
    }

    /// <summary>This attempt at the task failed and another follows, under this same handle: it is no finished task, is counted as a failed attempt, and is timed anew.</summary>
    /// <param name="exception">What went wrong.</param>
    public void Retry(Exception? exception = null) => RetryCore(exception?.GetType().FullName);

    /// <summary>As <see cref="Retry(Exception)"/>, where only the kind of what went wrong is known.</summary>
    /// <param name="errorType">What went wrong: an exception's type, or another name of low cardinality (<c>error.type</c>).</param>
    public void Retry(string errorType)
    {
        ArgumentNullException.ThrowIfNull(errorType);
        RetryCore(errorType);
    }

    /// <summary>The task was not needed.</summary>
    public void Skip() => EndCore(WorkflowResult.Skip);

    /// <summary>The task was cancelled: it is counted as that, and isn't done.</summary>
    public void Cancel() => EndCore(WorkflowResult.Cancellation);

    /// <summary>The task ended as <paramref name="result"/> says.</summary>
    /// <param name="result">How it ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">The result is none of the enumeration's.</exception>
    public void End(WorkflowResult result) => EndCore(Results.Checked(result));

    /// <summary>Ends the task, if it still runs, as <c>abandoned</c>: an <see cref="IDisposable"/> can't see whether an exception passed through.</summary>
    public void Dispose()
    {
        // The Dispose of a `using` follows an end that was said: no need to read the clock and take the lock for that.
        if (_task is { } task && task.Version == _version)
        {
            _run!.EndTask(task, _version, WorkflowResult.Abandoned, _own, isDispose: true);
        }
    }

    private void RetryCore(string? errorType)
    {
        if (_task is { } task)
        {
            _run!.Apply(new RetryTask(task, _version, errorType), _own);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EndCore(WorkflowResult result)
    {
        if (_task is { } task)
        {
            _run!.EndTask(task, _version, result, _own, isDispose: false);
        }
    }
}
