using System.Diagnostics.CodeAnalysis;
using ProgressTelemetry.Instrumentation;
using ProgressTelemetry.Tracking;

namespace ProgressTelemetry;

/// <summary>
/// A running task that is timed, from <see cref="WorkflowStage.StartTask"/> to its end. Any copy may end it; what comes after its end is ignored, and counted as late.
/// </summary>
[SuppressMessage("Performance", "CA1815", Justification = "A scope, not a value: nobody compares two of them")]
[SuppressMessage("Usage", "MA0077", Justification = "A scope, not a value: nobody compares two of them")]
public readonly struct WorkflowTask : IDisposable
{
    private readonly TaskSlot? _slot;
    private readonly int _version;

    internal WorkflowTask(TaskSlot slot, int version) => (_slot, _version) = (slot, version);

    /// <summary>The task ended well.</summary>
    public void Complete() => EndCore(WorkflowResult.Success);

    /// <summary>The task failed. It counts as completed, with result <c>failure</c>: its turn is over.</summary>
    public void Fail() => EndCore(WorkflowResult.Failure);

    /// <summary>The task was not needed.</summary>
    public void Skip() => EndCore(WorkflowResult.Skip);

    /// <summary>The task ended as <paramref name="result"/> says.</summary>
    /// <param name="result">How it ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">The result is none of the enumeration's.</exception>
    public void End(WorkflowResult result) => EndCore(Results.Checked(result));

    /// <summary>Ends the task, if it still runs, as <c>abandoned</c>: an <see cref="IDisposable"/> can't see whether an exception passed through.</summary>
    public void Dispose() => EndCore(WorkflowResult.Abandoned, isDispose: true);

    private void EndCore(WorkflowResult result, bool isDispose = false)
    {
        if (_slot is { } slot)
        {
            // The Dispose of a `using` follows an end that was said: no need to read the clock and take the lock for that.
            if (isDispose && slot.Version != _version)
            {
                return;
            }

            var run = slot.Stage.State.Run;
            run.EndTask(slot, _version, result, run.Clock.Now, isDispose);
        }
    }
}
