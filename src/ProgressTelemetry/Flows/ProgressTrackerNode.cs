using System.Diagnostics.CodeAnalysis;
using ProgressTelemetry.Flows;

namespace ProgressTelemetry;

/// <summary>
/// A node for PocketFlow-style flows over a shared store: placed after any node, it reads where the flow is and drives a run of the tracker by it. One node serves any number of shared stores, each of which is one run.
/// </summary>
/// <remarks>
/// It reads <c>workflow_state.current_stage</c>, <c>task_requirements.platforms</c>, <c>quality_control.revision_count</c> and the last entry of <c>version_history</c>; what is missing or of an odd type means a default. It writes
/// <c>progress_metrics</c>: for each stage <c>start_time</c>, <c>end_time</c> once it has ended (both ISO 8601), <c>platforms</c>, <c>revisions</c> and <c>completed</c>. The run ends when the current stage is
/// <c>completed</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>, or with <see cref="EndRun"/>. A run whose store, or node, is garbage collected before that ends as <c>abandoned</c>.
/// </remarks>
[SuppressMessage("Naming", "CA1716", Justification = "'shared' is what such flows call their store")]
public class ProgressTrackerNode
{
    private readonly SharedStoreRuns _runs;

    /// <summary>Makes a node.</summary>
    /// <param name="tracker">The tracker.</param>
    /// <param name="workflow">The workflow's name, 1 to 200 characters.</param>
    /// <param name="runOptions">Makes the options of a new run from its shared store; its id, if any, must be new each time.</param>
    /// <exception cref="ArgumentException">The name is empty or longer than 200 characters.</exception>
    public ProgressTrackerNode(ProgressTracker tracker, string workflow = "flow", Func<IDictionary<string, object?>, WorkflowRunOptions>? runOptions = null)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        _runs = new SharedStoreRuns(tracker, Checked.Name(workflow, "A workflow"), runOptions);
    }

    /// <summary>Reads the shared store.</summary>
    /// <param name="shared">The shared store.</param>
    /// <returns>What <see cref="Exec"/> works on.</returns>
    public virtual object? Prep(IDictionary<string, object?> shared)
    {
        ArgumentNullException.ThrowIfNull(shared);
        return FlowPosition.Read(shared);
    }

    /// <summary>Works on what <see cref="Prep"/> returned; there is nothing to do but pass it on.</summary>
    /// <param name="inputs">What <see cref="Prep"/> returned.</param>
    /// <returns>What <see cref="Post"/> publishes.</returns>
    public virtual object? Exec(object? inputs) => inputs;

    /// <summary>Marks the previous stage as completed, opens or updates the current one, and writes <c>progress_metrics</c>.</summary>
    /// <param name="shared">The shared store.</param>
    /// <param name="prep">What <see cref="Prep"/> returned.</param>
    /// <param name="exec">What <see cref="Exec"/> returned.</param>
    /// <returns>The action <c>default</c>.</returns>
    public virtual string Post(IDictionary<string, object?> shared, object? prep, object? exec)
    {
        ArgumentNullException.ThrowIfNull(shared);
        var position = exec as FlowPosition ?? prep as FlowPosition ?? FlowPosition.Read(shared);

        // A flow that stays at its end has no other run to end.
        if (_runs.Find(shared) is not null || SharedStoreRun.ResultOf(position.Stage) is null)
        {
            _runs.Of(shared).MoveTo(position);
        }

        return "default";
    }

    /// <summary>Does all three: what a flow calls.</summary>
    /// <param name="shared">The shared store.</param>
    /// <returns>The action <c>default</c>.</returns>
    public string Run(IDictionary<string, object?> shared)
    {
        var prep = Prep(shared);
        return Post(shared, prep, Exec(prep));
    }

    /// <summary>The run that a shared store drives.</summary>
    /// <param name="shared">The shared store.</param>
    /// <returns>The run; null before the first pass, and after the run's end.</returns>
    public WorkflowRun? FindRun(IDictionary<string, object?> shared)
    {
        ArgumentNullException.ThrowIfNull(shared);
        return _runs.Find(shared)?.Run;
    }

    /// <summary>The stage that a shared store is in: for counting its tasks, its waits.</summary>
    /// <param name="shared">The shared store.</param>
    /// <returns>The stage; null when none is running.</returns>
    public WorkflowStage? FindStage(IDictionary<string, object?> shared)
    {
        ArgumentNullException.ThrowIfNull(shared);
        return _runs.Find(shared)?.Stage;
    }

    /// <summary>Ends the run of a shared store, and its current stage with it; without a run there is nothing to end.</summary>
    /// <param name="shared">The shared store.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="errorType">The <c>error.type</c> of a result that is an error.</param>
    public void EndRun(IDictionary<string, object?> shared, WorkflowResult result = WorkflowResult.Success, string? errorType = null)
    {
        ArgumentNullException.ThrowIfNull(shared);
        _runs.Find(shared)?.End(result, errorType);
    }
}
