using ProgressTelemetry.Following;
using Quartz;

namespace ProgressTelemetry.Quartz;

/// <summary>A trigger's firing with its retries, and the triggers that continue it: one run, whose jobs are known by their triggers. Guarded by the lock of the <see cref="Chains"/> that it is of.</summary>
internal sealed class Chain(JobRun jobs, IScheduler scheduler)
{
    public JobRun Jobs => jobs;

    public IScheduler Scheduler => scheduler;

    /// <summary>The triggers of the run, with what each waits for; null for the first.</summary>
    public Dictionary<TriggerKey, Link?> Triggers { get; } = [];

    /// <summary>Those of them that are to fire: continuations, and retries.</summary>
    public HashSet<TriggerKey> Awaited { get; } = [];

    /// <summary>A trigger's firing is over: those that wait for another outcome of it never fire.</summary>
    public void Settle(TriggerKey ended, ExecutionOutcome outcome, DateTimeOffset now)
    {
        var matched = outcome switch
        {
            ExecutionOutcome.Succeeded => ContinuationCondition.OnSuccess,
            ExecutionOutcome.Cancelled => ContinuationCondition.OnCancellation,
            ExecutionOutcome.Vetoed => ContinuationCondition.OnVeto,
            _ => ContinuationCondition.OnFailure,
        };
        foreach (var link in Triggers.Values.OfType<Link>().Where(link => link.Parent.Equals(ended) && !link.When.HasFlag(matched)).ToList())
        {
            Drop(link.Trigger, isFailure: outcome is ExecutionOutcome.Failed or ExecutionOutcome.Cancelled, now);
        }
    }

    /// <summary>A trigger, and what continues it, won't fire: it isn't needed, or, after a failure, stays undone.</summary>
    public void Drop(TriggerKey trigger, bool isFailure, DateTimeOffset now)
    {
        if (!Awaited.Remove(trigger))
        {
            return;
        }

        if (isFailure)
        {
            jobs.GiveUp(trigger.ToString(), now);
        }
        else
        {
            jobs.End(trigger.ToString(), WorkflowResult.Skip, null, now);
        }

        foreach (var link in Triggers.Values.OfType<Link>().Where(link => link.Parent.Equals(trigger)).ToList())
        {
            Drop(link.Trigger, isFailure, now);
        }
    }
}
