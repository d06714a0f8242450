using System.Runtime.CompilerServices;

namespace ProgressTelemetry.Nodes;

/// <summary>The runs of shared stores, each for as long as its store lives.</summary>
internal sealed class SharedStoreRuns(ProgressTracker tracker, string workflow, Func<IDictionary<string, object?>, WorkflowRunOptions>? options)
{
    private readonly ConditionalWeakTable<IDictionary<string, object?>, SharedStoreRun> _runs = [];
    private readonly Lock _gate = new();

    /// <summary>The store's live run; a new one when it has none.</summary>
    public SharedStoreRun Of(IDictionary<string, object?> shared)
    {
        lock (_gate)
        {
            if (Find(shared) is { } known)
            {
                return known;
            }

            var run = new SharedStoreRun(tracker, tracker.StartWorkflow(workflow, options?.Invoke(shared)), shared);
            _runs.AddOrUpdate(shared, run);
            return run;
        }
    }

    public SharedStoreRun? Find(IDictionary<string, object?> shared) =>
        _runs.TryGetValue(shared, out var run) && !run.Run.IsEnded ? run : null;
}
