using System.Collections.Concurrent;
using ProgressTelemetry.Following;

namespace ProgressTelemetry.MassTransit;

/// <summary>The runs of one kind that this process has a part in, by MassTransit's id of them. No method throws.</summary>
/// <param name="adapter">What tracks the runs.</param>
/// <param name="whenLive">What this process is to a run that others work on too.</param>
internal sealed class JobTable(Adapter adapter, WhenLive whenLive)
{
    private readonly ConcurrentDictionary<Guid, Lazy<JobRun>> _runs = new();

    /// <summary>Those that are live.</summary>
    public IEnumerable<(Guid Id, JobRun Run)> Live => _runs.Where(run => run.Value.IsValueCreated).Select(run => (run.Key, run.Value.Value));

    /// <summary>A job of a run starts here; the run begins with its first.</summary>
    /// <returns>What ends the stage's being current; null if the tracking failed.</returns>
    public IDisposable? Begin(Guid runId, string workflow, Func<JobRun, DateTimeOffset, WorkflowStage?> begin)
    {
        IDisposable? current = null;
        adapter.Guard(() =>
        {
            var now = adapter.Tracker.UtcNow;
            while (current is null)
            {
                var run = _runs.GetOrAdd(runId, _ => new Lazy<JobRun>(() => new JobRun(Start(runId, workflow), now)));
                current = begin(run.Value, now)?.MakeCurrent();
                if (current is null)
                {
                    // It has just ended.
                    _runs.TryRemove(new(runId, run));
                }
            }
        });
        return current;
    }

    /// <summary>Something is told of a run, if it is live here.</summary>
    public void With(Guid runId, Action<JobRun, DateTimeOffset> tell) => adapter.Guard(() =>
    {
        if (_runs.TryGetValue(runId, out var run))
        {
            tell(run.Value, adapter.Tracker.UtcNow);
        }
    });

    /// <summary>A run has ended.</summary>
    public void Remove(Guid runId, JobRun ended)
    {
        if (_runs.TryGetValue(runId, out var run) && run.Value == ended)
        {
            _runs.TryRemove(new(runId, run));
        }
    }

    private WorkflowRun Start(Guid runId, string workflow) => adapter.Tracker.StartWorkflow(workflow, new WorkflowRunOptions { RunId = runId.ToString(), HasSpans = false, WhenLive = whenLive });
}
