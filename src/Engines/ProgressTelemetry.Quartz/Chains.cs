using System.Diagnostics;
using ProgressTelemetry.Following;
using ProgressTelemetry.Naming;
using Quartz;

namespace ProgressTelemetry.Quartz;

/// <summary>The runs of one scheduler, and the continuations that wait for a run to begin.</summary>
internal sealed class Chains(ProgressTracker tracker)
{
    private readonly Lock _gate = new();
    private readonly BoundedNames _names = new(keepsShortNumbers: true);
    private readonly Dictionary<TriggerKey, Link> _waiting = [];
    private readonly Dictionary<TriggerKey, Chain> _byTrigger = [];
    private readonly Dictionary<string, (Chain Chain, WorkflowStage Stage)> _firings = new(StringComparer.Ordinal);

    /// <summary>A continuation was scheduled: it is a part of the run of the trigger that it continues, which may not have begun.</summary>
    public void Scheduled(ITrigger trigger)
    {
        if (trigger.Continuation is not { IsNone: false, Parent: { } parent, When: var when })
        {
            return;
        }

        var link = new Link(trigger.Key, trigger.JobKey, parent, when);
        lock (_gate)
        {
            if (_byTrigger.TryGetValue(link.Parent, out var chain) && chain.Jobs.Expect([Expected(link)], tracker.UtcNow))
            {
                Add(chain, link);
            }
            else
            {
                _waiting[link.Trigger] = link;
            }
        }
    }

    /// <summary>A trigger was taken back.</summary>
    public void Unscheduled(TriggerKey trigger)
    {
        lock (_gate)
        {
            _waiting.Remove(trigger);
            if (_byTrigger.TryGetValue(trigger, out var chain))
            {
                chain.Drop(trigger, isFailure: false, tracker.UtcNow);
                Close(chain);
            }
        }
    }

    /// <summary>A job starts: for the first time, again in the same firing, again as a retry, or as a continuation.</summary>
    public void Starting(IJobExecutionContext context)
    {
        var (trigger, now) = (context.Trigger.Key, tracker.UtcNow);
        lock (_gate)
        {
            var chain = _firings.TryGetValue(context.FireInstanceId, out var again) ? again.Chain
                : _byTrigger.TryGetValue(trigger, out var known) && known.Awaited.Remove(trigger) ? known
                : Start(context, now);
            if (chain.Jobs.Begin(trigger.ToString(), NameOf(context.JobDetail.Key), now) is { } stage)
            {
                _firings[context.FireInstanceId] = (chain, stage);
            }
        }
    }

    /// <summary>The stage of a firing.</summary>
    public WorkflowStage? StageOf(string fireInstanceId)
    {
        lock (_gate)
        {
            return _firings.TryGetValue(fireInstanceId, out var firing) ? firing.Stage : null;
        }
    }

    /// <summary>The job says how far it is.</summary>
    public void Report(IJobExecutionContext context, int percent)
    {
        lock (_gate)
        {
            if (_firings.TryGetValue(context.FireInstanceId, out var firing))
            {
                firing.Chain.Jobs.Report(context.Trigger.Key.ToString(), Math.Clamp(percent, 0, 100) / 100d);
            }
        }
    }

    /// <summary>The job ended, or this attempt at it did.</summary>
    public void Ended(IJobExecutionContext context, JobExecutionException? exception)
    {
        var (trigger, id, now) = (context.Trigger.Key, context.Trigger.Key.ToString(), tracker.UtcNow);
        lock (_gate)
        {
            if (!_firings.TryGetValue(context.FireInstanceId, out var firing))
            {
                return;
            }

            var (chain, cause) = (firing.Chain, Cause(exception));
            if (exception is { RefireImmediately: true })
            {
                chain.Jobs.EndAttempt(id, cause?.GetType().FullName, null, now);
                return;
            }

            _firings.Remove(context.FireInstanceId);
            if (context.RetryScheduled)
            {
                chain.Awaited.Add(trigger);
                chain.Jobs.EndAttempt(id, cause?.GetType().FullName, "retry", now);
                return;
            }

            var result = context.Outcome switch
            {
                ExecutionOutcome.Succeeded => WorkflowResult.Success,
                ExecutionOutcome.Cancelled => WorkflowResult.Cancellation,
                _ => WorkflowResult.Failure,
            };
            chain.Jobs.End(id, result, cause?.GetType().FullName, now);
            chain.Settle(trigger, context.Outcome, now);
            Close(chain);
        }
    }

    /// <summary>Somebody forbade the firing.</summary>
    public void Vetoed(IJobExecutionContext context)
    {
        lock (_gate)
        {
            if (_byTrigger.TryGetValue(context.Trigger.Key, out var chain) && chain.Awaited.Remove(context.Trigger.Key))
            {
                chain.Jobs.End(context.Trigger.Key.ToString(), WorkflowResult.Skip, null, tracker.UtcNow);
                chain.Settle(context.Trigger.Key, ExecutionOutcome.Vetoed, tracker.UtcNow);
                Close(chain);
            }
        }
    }

    /// <summary>Triggers that runs wait for while nothing of them runs here: in a cluster, another node may have fired them.</summary>
    public IReadOnlyList<(IScheduler Scheduler, TriggerKey Trigger)> Silent(TimeSpan since)
    {
        lock (_gate)
        {
            return
            [
                .. _byTrigger.Where(entry => entry.Value.Awaited.Contains(entry.Key) && !entry.Value.Jobs.IsRunning && tracker.UtcNow - entry.Value.Jobs.LastChange >= since)
                    .Select(entry => (entry.Value.Scheduler, entry.Key)),
            ];
        }
    }

    /// <summary>Whether a run waits for a trigger.</summary>
    public bool AnyAwaited
    {
        get
        {
            lock (_gate)
            {
                return _byTrigger.Values.Any(chain => chain.Awaited.Count > 0);
            }
        }
    }

    private string NameOf(JobKey job) => _names.Of(job.Group == JobKey.DefaultGroup ? job.Name : $"{job.Group}.{job.Name}");

    private ExpectedJob Expected(Link link) => new(link.Trigger.ToString(), NameOf(link.Job), [link.Parent.ToString()]);

    // Quartz wraps what the job threw.
    private static Exception? Cause(Exception? exception) => exception is SchedulerException { InnerException: { } inner } ? Cause(inner) : exception;

    private Chain Start(IJobExecutionContext context, DateTimeOffset now)
    {
        var options = new WorkflowRunOptions { RunId = context.FireInstanceId, HasSpans = false, WhenLive = WhenLive.Join, ParentContext = default(ActivityContext) };
        var (name, trigger) = (NameOf(context.JobDetail.Key), context.Trigger.Key);
        var chain = new Chain(new JobRun(tracker.StartWorkflow(name, options), now), context.Scheduler);
        _waiting.Remove(trigger);
        chain.Triggers[trigger] = null;
        _byTrigger[trigger] = chain;
        var links = Continuations(trigger);
        chain.Jobs.Expect([new ExpectedJob(trigger.ToString(), name, []), .. links.Select(Expected)], now);
        links.ForEach(link => Add(chain, link));
        return chain;
    }

    // In the order in which they come.
    private List<Link> Continuations(TriggerKey first)
    {
        var (links, next) = (new List<Link>(), new Queue<TriggerKey>([first]));
        while (next.TryDequeue(out var parent))
        {
            foreach (var link in _waiting.Values.Where(link => link.Parent.Equals(parent)).ToList())
            {
                _waiting.Remove(link.Trigger);
                links.Add(link);
                next.Enqueue(link.Trigger);
            }
        }

        return links;
    }

    private void Add(Chain chain, Link link)
    {
        chain.Triggers[link.Trigger] = link;
        chain.Awaited.Add(link.Trigger);
        _byTrigger[link.Trigger] = chain;
    }

    private void Close(Chain chain)
    {
        if (chain.Jobs.TryClose())
        {
            foreach (var trigger in chain.Triggers.Keys.Where(trigger => _byTrigger.GetValueOrDefault(trigger) == chain))
            {
                _byTrigger.Remove(trigger);
            }
        }
    }
}
