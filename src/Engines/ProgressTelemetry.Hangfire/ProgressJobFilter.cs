using System.Collections.Concurrent;
using Hangfire;
using Hangfire.Client;
using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;
using ProgressTelemetry.Following;

namespace ProgressTelemetry.Hangfire;

/// <summary>
/// Follows Hangfire's jobs: a root job and all that continue it are one run, with the root job's id; a job's method is a stage, a job a task of it. <c>UseProgressTelemetry</c> adds it to all clients and servers of the process; for one server
/// alone, add it to the filters that its options name.
/// </summary>
/// <remarks>It works on Hangfire's threads and never throws there: what fails is counted in <c>progress.tracker.errors</c>. While a job runs, its stage is <see cref="WorkflowStage.Current"/>, so that the job may tell more than Hangfire knows.</remarks>
public sealed class ProgressJobFilter : IClientFilter, IServerFilter, IApplyStateFilter, IDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<JobStorage, StorageRuns> _storages = new();
    private readonly ProgressTracker _tracker;
    private readonly Sweep _sweep;

    /// <summary>Makes a filter.</summary>
    /// <param name="tracker">What tracks the runs.</param>
    public ProgressJobFilter(ProgressTracker tracker)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        _tracker = tracker;
        _sweep = new Sweep(tracker.TimeProvider, SweepPeriod, Look);
    }

    internal ProgressTracker Tracker => _tracker;

    /// <inheritdoc/>
    public void OnCreating(CreatingContext context) => Guard(context, static (filter, creating) => filter.RunsOf(creating.Storage).Creating(creating));

    /// <inheritdoc/>
    public void OnCreated(CreatedContext context) => Guard(context, static (filter, created) => filter.RunsOf(created.Storage).Created(created));

    /// <inheritdoc/>
    public void OnPerforming(PerformingContext context) => Guard(context, static (filter, performing) =>
    {
        var stage = filter.RunsOf(performing.Storage).Performing(performing);
        performing.Items[nameof(ProgressJobFilter)] = stage.MakeCurrent();
        filter._sweep.Arm();
    });

    /// <inheritdoc/>
    public void OnPerformed(PerformedContext context) => Guard(context, static (filter, performed) =>
    {
        (performed.Items.TryGetValue(nameof(ProgressJobFilter), out var scope) ? scope as IDisposable : null)?.Dispose();
        filter.RunsOf(performed.Storage).Performed(performed);
    });

    /// <inheritdoc/>
    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
        Guard(context, static (filter, applied) => filter.RunsOf(applied.Storage).Applied(applied));

    /// <inheritdoc/>
    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }

    /// <summary>Ends the watching for runs that are over.</summary>
    public void Dispose() => _sweep.Dispose();

    private void Guard<T>(T context, Action<ProgressJobFilter, T> hook)
    {
        try
        {
            hook(this, context);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _tracker.AdapterFailed("Hangfire", e);
        }
    }

    private StorageRuns RunsOf(JobStorage storage) => _storages.GetOrAdd(storage, static (of, tracker) => new StorageRuns(of, tracker), _tracker);

    private ValueTask<bool> Look()
    {
        foreach (var runs in _storages.Values)
        {
            Guard(runs, static (_, of) => of.Sweep());
        }

        return new ValueTask<bool>(_storages.Values.Any(runs => !runs.IsEmpty));
    }
}
