using System.Collections.Concurrent;

namespace ProgressTelemetry.MassTransit;

/// <summary>The instances of one state machine that changed their state in this process, each a run. No method throws.</summary>
internal sealed class SagaRuns
{
    /// <summary>A run of which nothing was heard here for so long is left: another process may have ended it, or the machine rests in a state that it never leaves.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<Guid, SagaRun> _runs = new();
    private readonly IReadOnlyList<PlannedStage> _states;
    private readonly string _workflow;
    private readonly Adapter _adapter;

    /// <summary>Makes one.</summary>
    /// <param name="adapter">What tracks the runs.</param>
    /// <param name="workflow">The state machine's name.</param>
    /// <param name="states">Its states between the first and the last.</param>
    public SagaRuns(Adapter adapter, string workflow, IReadOnlyList<string> states)
    {
        (_adapter, _workflow) = (adapter, workflow);
        _states = [.. states.Select(state => new PlannedStage(state))];
    }

    /// <summary>An instance is in another state.</summary>
    public void Entered(Guid id, string state) => _adapter.Guard(() =>
    {
        while (!_runs.GetOrAdd(id, Start).TryEnter(state, _adapter.Tracker.UtcNow))
        {
            _runs.TryRemove(id, out _);
        }
    });

    /// <summary>An instance could not take an event: it stays where it is, and the event may come again.</summary>
    public void EventFailed(Guid id, Exception exception) => _adapter.Guard(() =>
    {
        if (_runs.TryGetValue(id, out var run))
        {
            run.Retry(exception);
        }
    });

    /// <summary>An instance is in its final state.</summary>
    public void Ended(Guid id) => _adapter.Guard(() =>
    {
        if (_runs.TryRemove(id, out var run))
        {
            run.End(WorkflowResult.Success);
        }
    });

    /// <summary>Leaves those of which nothing was heard for long.</summary>
    public void Forget() => _adapter.Guard(() =>
    {
        foreach (var (id, run) in _runs.Where(run => _adapter.Tracker.UtcNow - run.Value.LastChange >= ForgetAfter))
        {
            _runs.TryRemove(id, out _);
            run.End(WorkflowResult.Abandoned);
        }
    });

    private SagaRun Start(Guid id)
    {
        var options = new WorkflowRunOptions { RunId = id.ToString(), Stages = _states, HasSpans = false, WhenLive = WhenLive.Join };
        return new SagaRun(() => _adapter.Tracker.StartWorkflow(_workflow, options), _adapter.Tracker.UtcNow);
    }
}
