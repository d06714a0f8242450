using ProgressTelemetry.Estimation;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;

namespace ProgressTelemetry.Runtime;

/// <summary>How a run, or an attempt at it, ended: its status, and what is kept of it for later runs.</summary>
internal sealed class RunOutcome(LiveRun run)
{
    private WorkflowStatus? _final;

    /// <summary>The status with which the run ended; null while it has not.</summary>
    public WorkflowStatus? Final => Volatile.Read(ref _final);

    /// <summary>When it ended, on the clock; read with <see cref="Final"/>.</summary>
    public long EndStamp { get; private set; }

    /// <summary>Whose end it is; read with <see cref="Final"/>.</summary>
    public RunEnding Ending { get; private set; }

    /// <summary>What is kept of it for later runs; null unless it ended well.</summary>
    public RunProfile? Profile { get; private set; }

    /// <summary>Ends the run if it is that owner's to end; where this process only takes part in it, leaves it.</summary>
    public void End(int ownership, WorkflowResult result, string? errorType, DateTimeOffset? own, bool isDispose = false)
    {
        if (ownership == run.Ownership)
        {
            End(result, errorType, own, isDispose, run.IsPart ? RunEnding.Left : RunEnding.Own);
        }
    }

    /// <summary>Ends the run; a run that has ended stays as it is. Returns whether it ended now.</summary>
    public bool End(WorkflowResult result, string? errorType, DateTimeOffset? own = null, bool isDispose = false, RunEnding ending = RunEnding.Own)
    {
        errorType = Results.ErrorType(result, errorType);
        bool isOver;
        var now = run.Clock.Now;
        var at = run.Time.At(now, own);
        lock (run.Gate)
        {
            run.Open.CloseAll();

            isOver = run.ApplyLocked<EndRun, bool>(new EndRun(result, errorType, isDispose, ending), at, own);
            if (isOver)
            {
                run.Open.Clear();
                (EndStamp, Ending) = (now, ending);
                run.IsPublished = true;
                run.Timeline?.End(run);
                if (result == WorkflowResult.Success && ending != RunEnding.Left && run.Services.Settings.HistoryPerWorkflow > 0)
                {
                    Profile = ProfileMaker.Of(run.Model, run.Model.EndedAt, run.Identity.Version);
                }

                Volatile.Write(ref _final, StatusMaker.Of(run, now));

                // The id is free before anybody hears of the end.
                run.Services.Ended(run);
            }
        }

        run.Delivery.HandOn();
        return isOver;
    }

    /// <summary>An attempt at the whole run failed, and another follows.</summary>
    public void Retry(WorkflowResult result, string? errorType, DateTimeOffset? own)
    {
        var at = run.Now(own);
        lock (run.Gate)
        {
            run.Open.CloseAll();

            if (run.ApplyLocked<RetryRun, bool>(new RetryRun(result, Results.ErrorType(result, errorType)), at, own))
            {
                run.Open.Clear();
            }
        }

        run.Delivery.HandOn();
    }
}
