using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Agents.AI.Workflows;
using ProgressTelemetry.Naming;

namespace ProgressTelemetry.AgentFramework;

/// <summary>The sessions of a tracker that wait for an answer while nobody reads their events: whoever does so later goes on with the same run.</summary>
internal sealed class AgentRuns
{
    private static readonly ConditionalWeakTable<ProgressTracker, AgentRuns> All = [];

    // An agent's executor has a GUID in its id.
    private readonly BoundedNames _names = new(keepsShortNumbers: true);
    private readonly ConcurrentDictionary<string, AgentRun> _waiting = new(StringComparer.Ordinal);

    public static AgentRuns Of(ProgressTracker tracker) => All.GetOrCreateValue(tracker);

    /// <summary>Goes on with a run that waits, or starts one.</summary>
    public AgentRun Start(ProgressTracker tracker, Workflow workflow, WorkflowRunOptions options)
    {
        if (options.RunId is { } id && _waiting.TryRemove(id, out var waiting))
        {
            return waiting;
        }

        var graph = new ExecutorGraph(workflow, _names);
        var name = _names.Of(workflow.Name ?? workflow.StartExecutorId);
        var run = tracker.StartWorkflow(name, options);
        run.Plan(graph.Plan);
        return new AgentRun(run, graph, _names);
    }

    /// <summary>Nobody reads a run's events any more, and it waits.</summary>
    public void Keep(string id, AgentRun run) => _waiting[id] = run;
}
