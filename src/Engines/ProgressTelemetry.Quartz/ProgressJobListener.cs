using ProgressTelemetry.Following;
using Quartz;
using Quartz.Extensibility;

namespace ProgressTelemetry.Quartz;

/// <summary>What a scheduler tells, made runs. It works on the scheduler's threads and never throws there: what fails is counted in <c>progress.tracker.errors</c>.</summary>
internal sealed class ProgressJobListener : IJobListener, ISchedulerListener, IJobExecutionMiddleware, IDisposable
{
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(30);

    private readonly ProgressTracker _tracker;
    private readonly Chains _chains;
    private readonly Sweep _sweep;

    public ProgressJobListener(ProgressTracker tracker)
    {
        _tracker = tracker;
        _chains = new Chains(tracker);
        _sweep = new Sweep(tracker.TimeProvider, LookAfter, LookAsync);
    }

    public string Name => "ProgressTelemetry";

    public ValueTask JobToBeExecuted(IJobExecutionContext context, CancellationToken cancellationToken = default) => Guard(() => _chains.Starting(context));

    public ValueTask JobExecutionVetoed(IJobExecutionContext context, CancellationToken cancellationToken = default) => Guard(() => _chains.Vetoed(context));

    public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default) => Guard(() =>
    {
        _chains.Ended(context, jobException);
        if (_chains.AnyAwaited)
        {
            _sweep.Arm();
        }
    });

    public ValueTask JobProgressChanged(IJobExecutionContext context, FireInstanceProgress progress, CancellationToken cancellationToken = default) =>
        Guard(() => _chains.Report(context, progress.Percent));

    public ValueTask JobScheduled(IScheduler scheduler, ITrigger trigger, CancellationToken cancellationToken = default) => Guard(() => _chains.Scheduled(trigger));

    public ValueTask JobUnscheduled(IScheduler scheduler, TriggerKey triggerKey, CancellationToken cancellationToken = default) => Guard(() => _chains.Unscheduled(triggerKey));

    /// <summary>Makes the job's stage current while the job runs: a listener can't, as what it makes current doesn't outlive its call.</summary>
    public async ValueTask Invoke(IJobExecutionContext context, JobExecutionDelegate next, CancellationToken cancellationToken = default)
    {
        using var scope = Current(context);
        await next(context, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _sweep.Dispose();

    private IDisposable? Current(IJobExecutionContext context)
    {
        try
        {
            return _chains.StageOf(context.FireInstanceId)?.MakeCurrent();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _tracker.AdapterFailed("Quartz", e);
            return null;
        }
    }

    private async ValueTask<bool> LookAsync()
    {
        try
        {
            foreach (var (scheduler, trigger) in _chains.Silent(LookAfter))
            {
                if (await scheduler.GetTrigger(trigger).ConfigureAwait(false) is null)
                {
                    _chains.Unscheduled(trigger);
                }
            }

            return _chains.AnyAwaited;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _tracker.AdapterFailed("Quartz", e);
            return true;
        }
    }

    private ValueTask Guard(Action hook)
    {
        try
        {
            hook();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _tracker.AdapterFailed("Quartz", e);
        }

        return ValueTask.CompletedTask;
    }
}
