using System.Collections.Concurrent;
using MassTransit.Courier.Contracts;
using ProgressTelemetry.Following;
using ProgressTelemetry.Naming;

namespace ProgressTelemetry.MassTransit;

/// <summary>The routing slips that this process runs activities of, each a run: its activities, and what compensates them, are the stages. No method throws.</summary>
internal sealed class SlipRuns(Adapter adapter)
{
    public const string Workflow = "routing-slip";

    /// <summary>A slip that may be told of its end to whom it subscribes alone is over when its last activity was, and nothing was heard of it since.</summary>
    private static readonly TimeSpan CloseAfter = TimeSpan.FromMinutes(1);

    /// <summary>A slip that has not come back for so long is left: other processes go on with it, or have ended it. If it does, its run begins again where the slip is.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromHours(1);

    // Whoever has the slip owns its run: it is with one process at a time.
    private readonly JobTable _runs = new(adapter, WhenLive.TakeOver);
    private readonly ConcurrentDictionary<Guid, SlipStep> _here = new();
    private readonly BoundedNames _names = new(keepsShortNumbers: true);

    /// <summary>A slip has come to an activity, or its compensation.</summary>
    /// <returns>The step, and what ends its stage's being current; null if the tracking failed.</returns>
    public (SlipStep? Step, IDisposable? Current) Starting(RoutingSlip slip, bool compensates)
    {
        SlipStep? step = null;
        IDisposable? current = null;
        adapter.Guard(() =>
        {
            step = new SlipStep(slip, _names, compensates);
            current = _runs.Begin(step.SlipId, Workflow, (run, now) =>
            {
                // It may be here again before whoever passed it on knows that.
                if (_here.TryRemove(step.SlipId, out var before))
                {
                    Settle(run, before, now);
                }

                _here[step.SlipId] = step;
                return Begin(run, step, now);
            });
        });
        return (step, current);
    }

    /// <summary>An attempt at what the slip has come to starts: the first, or another after one that failed.</summary>
    public void AttemptStarts(Guid slipId) => With(slipId, static (run, step, now) =>
    {
        EndAttempt(run, step, now);
        run.Begin(step.Job.Id, step.Job.Stage, now);
    });

    /// <summary>An attempt failed; whether it was the last is told next.</summary>
    public void AttemptFailed(Guid slipId, Exception exception) => With(slipId, (_, step, _) => step.ErrorType = exception.GetType().FullName);

    /// <summary>It could not be passed on, and comes again.</summary>
    public void CutOff(SlipStep? step, Exception exception) => Leave(step, (run, step, now) =>
    {
        step.ErrorType = exception.GetType().FullName;
        EndAttempt(run, step, now);
    });

    /// <summary>It has been passed on.</summary>
    public void PassedOn(SlipStep? step) => Leave(step, Settle);

    /// <summary>The slip has ended.</summary>
    public void Ended(Guid slipId, WorkflowResult result, string? errorType) => _runs.With(slipId, (run, now) =>
    {
        if (_here.TryRemove(slipId, out var step))
        {
            Settle(run, step, now);
        }

        run.Close(result, errorType, now);
        _runs.Remove(slipId, run);
    });

    /// <summary>Ends those whose end was told to others alone, and leaves those of which nothing was heard for long.</summary>
    public void Forget() => adapter.Guard(() =>
    {
        var now = adapter.Tracker.UtcNow;
        foreach (var (id, run) in _runs.Live.Where(slip => !slip.Run.IsRunning && now - slip.Run.LastChange >= CloseAfter))
        {
            if (now - run.LastChange >= ForgetAfter)
            {
                run.Close(WorkflowResult.Abandoned, null, now);
            }

            if (run.TryClose())
            {
                _runs.Remove(id, run);
            }
        }
    });

    private static WorkflowStage? Begin(JobRun run, SlipStep step, DateTimeOffset now)
    {
        run.Expect(step.Activities, now);
        foreach (var done in step.Done)
        {
            run.EndElsewhere(done.Id, WorkflowResult.Success, now);
        }

        if (step.Compensates)
        {
            run.Expect(step.Compensations, now);
            foreach (var failed in step.Undone.Take(1))
            {
                run.GiveUp(failed.Id, now);
            }
        }
        else
        {
            // What the itinerary has no more is not needed.
            foreach (var dropped in run.JobIds.Except(step.Activities.Select(job => job.Id)))
            {
                run.EndElsewhere(dropped, WorkflowResult.Skip, now);
            }
        }

        return run.Begin(step.Job.Id, step.Job.Stage, now);
    }

    private static void EndAttempt(JobRun run, SlipStep step, DateTimeOffset now)
    {
        if (step.ErrorType is { } errorType)
        {
            run.EndAttempt(step.Job.Id, errorType, null, now);
            step.ErrorType = null;
        }
    }

    private static void Settle(JobRun run, SlipStep step, DateTimeOffset now)
    {
        if (step.ErrorType is null)
        {
            run.End(step.Job.Id, WorkflowResult.Success, null, now);
            return;
        }

        run.Expect(step.Compensates ? [] : step.Compensations, now);
        run.End(step.Job.Id, WorkflowResult.Failure, step.ErrorType, now);
        run.GiveUpAfter(step.Job.Id, now);
    }

    private void Leave(SlipStep? step, Action<JobRun, SlipStep, DateTimeOffset> tell)
    {
        if (step is not null)
        {
            _runs.With(step.SlipId, (run, now) =>
            {
                // It stays here until that is told: where the slip comes next, it may be already, and settles what it finds.
                if (_here.TryGetValue(step.SlipId, out var here) && here == step)
                {
                    tell(run, step, now);
                    _here.TryRemove(new(step.SlipId, step));
                }
            });
        }
    }

    private void With(Guid slipId, Action<JobRun, SlipStep, DateTimeOffset> tell) => _runs.With(slipId, (run, now) =>
    {
        if (_here.TryGetValue(slipId, out var step))
        {
            tell(run, step, now);
        }
    });
}
