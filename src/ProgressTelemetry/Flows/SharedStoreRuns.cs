using System.Runtime.CompilerServices;

namespace ProgressTelemetry.Flows;

/// <summary>The runs of shared stores, each for as long as its store lives.</summary>
internal sealed class SharedStoreRuns(ProgressTracker tracker, string workflow, Func<IDictionary<string, object?>, WorkflowRunOptions>? options)
{
    private readonly ConditionalWeakTable<IDictionary<string, object?>, StoreRun> _runs = [];

    /// <summary>The store's live run; a new one when it has none.</summary>
    public SharedStoreRun Of(IDictionary<string, object?> shared)
    {
        if (Find(shared) is { } known)
        {
            return known;
        }

        // The options and the listeners are the user's, and may take their time: other stores don't wait for them.
        var latest = _runs.GetValue(shared, static _ => new StoreRun());
        lock (latest)
        {
            return Find(shared) ?? (latest.Run = new SharedStoreRun(tracker, tracker.StartWorkflow(workflow, options?.Invoke(shared)), shared));
        }
    }

    public SharedStoreRun? Find(IDictionary<string, object?> shared) =>
        _runs.TryGetValue(shared, out var latest) && latest.Run is { Run.IsEnded: false } run ? run : null;

    /// <summary>A store's run, and the lock under which it is started.</summary>
    private sealed class StoreRun
    {
        private volatile SharedStoreRun? _run;

        public SharedStoreRun? Run
        {
            get => _run;
            set => _run = value;
        }
    }
}
