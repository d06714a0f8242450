using ProgressTelemetry.Following;
using WorkflowCore.Interface;
using WorkflowCore.Models.LifeCycleEvents;

namespace ProgressTelemetry.WorkflowCore;

/// <summary>While the host runs: looks up instances that were terminated from outside, or of which nothing was heard for a while, as another host may have gone on with them.</summary>
internal sealed class RunWatch(InstanceRuns runs, ILifeCycleEventHub hub, IPersistenceProvider storage) : IBackgroundTask, IDisposable
{
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAtLeastEvery = TimeSpan.FromMinutes(10);

    private Sweep? _sweep;

    public void Start()
    {
        _sweep = new Sweep(runs.Tracker.TimeProvider, LookAfter, LookAsync);
        _sweep.Arm();
        hub.Subscribe(Hear);
    }

    public void Stop() => Dispose();

    public void Dispose() => _sweep?.Dispose();

    // Events come late, and in any order: what has happened is for the instance to say.
    private void Hear(LifeCycleEvent happened)
    {
        if (happened is WorkflowTerminated && runs.Has(happened.WorkflowInstanceId))
        {
            _ = LookAtAsync(happened.WorkflowInstanceId);
        }
    }

    private async ValueTask<bool> LookAsync()
    {
        foreach (var id in runs.Silent(LookAfter, LookAtLeastEvery))
        {
            await LookAtAsync(id).ConfigureAwait(false);
        }

        return true;
    }

    private async Task LookAtAsync(string id)
    {
        try
        {
            if (await storage.GetWorkflowInstance(id).ConfigureAwait(false) is { } instance)
            {
                runs.Sync(instance);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            runs.Tracker.AdapterFailed("Workflow Core", e);
        }
    }
}
