using MassTransit;
using MassTransit.Contracts.JobService;
using ProgressTelemetry.Following;

namespace ProgressTelemetry.MassTransit;

/// <summary>
/// While the bus runs, looks after runs that another process may have gone on with, so that they would wait here for ever: it asks MassTransit's job saga what became of a job that is to be tried again, and leaves sagas and routing slips of which nothing is heard.
/// </summary>
internal sealed class BusWatch(JobRuns jobs, StateMachines sagas, SlipRuns slips) : IBusObserver, IDisposable
{
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAtLeastEvery = TimeSpan.FromMinutes(10);

    private Sweep? _sweep;

    public Task PostStart(IBus bus, Task<BusReady> busReady)
    {
        jobs.Adapter.Guard(() =>
        {
            _sweep = new Sweep(jobs.Adapter.Tracker.TimeProvider, LookAfter, () => LookAsync(bus));
            _sweep.Arm();
        });
        return Task.CompletedTask;
    }

    public Task PreStop(IBus bus)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _sweep?.Dispose();

    public void PostCreate(IBus bus)
    {
    }

    public void CreateFaulted(Exception exception)
    {
    }

    public Task PreStart(IBus bus) => Task.CompletedTask;

    public Task StartFaulted(IBus bus, Exception exception) => Task.CompletedTask;

    public Task PostStop(IBus bus) => Task.CompletedTask;

    public Task StopFaulted(IBus bus, Exception exception) => Task.CompletedTask;

    private async ValueTask<bool> LookAsync(IBus bus)
    {
        sagas.Forget();
        slips.Forget();
        try
        {
            foreach (var job in jobs.Silent(LookAfter, LookAtLeastEvery))
            {
                var response = await bus.CreateRequestClient<GetJobState>().GetResponse<JobState>(new { JobId = job }).ConfigureAwait(false);
                if (ResultOf(response.Message.CurrentState) is { } result)
                {
                    jobs.EndedSomewhere(job, result);
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            jobs.Adapter.Failed(e);
        }

        return true;
    }

    // A job saga may be configured to be gone when its job is completed.
    private static WorkflowResult? ResultOf(string state) => state switch
    {
        "Completed" or "Final" or "NotFound" => WorkflowResult.Success,
        "Faulted" => WorkflowResult.Failure,
        "Canceled" => WorkflowResult.Cancellation,
        _ => null,
    };
}
