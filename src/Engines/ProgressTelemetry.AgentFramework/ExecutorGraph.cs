using Microsoft.Agents.AI.Workflows;
using ProgressTelemetry.Naming;

namespace ProgressTelemetry.AgentFramework;

/// <summary>A workflow's executors and edges, as stages and what they wait for. Edges that lead back, which a plan can't have, are its loops.</summary>
internal sealed class ExecutorGraph
{
    private readonly Dictionary<string, HashSet<string>> _next = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _before = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    public ExecutorGraph(Workflow workflow, BoundedNames names)
    {
        foreach (var name in workflow.ReflectExecutors().Keys.Prepend(workflow.StartExecutorId).Select(names.Of))
        {
            _next.TryAdd(name, new(StringComparer.Ordinal));
            _before.TryAdd(name, new(StringComparer.Ordinal));
        }

        foreach (var edge in workflow.ReflectEdges().Values.SelectMany(edges => edges))
        {
            foreach (var source in edge.Connection.SourceIds.Select(names.Of).Where(_next.ContainsKey))
            {
                _next[source].UnionWith(edge.Connection.SinkIds.Select(names.Of).Where(sink => sink != source && _next.ContainsKey(sink)));
            }
        }

        var visited = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var name in _next.Keys.Prepend(names.Of(workflow.StartExecutorId)))
        {
            Visit(name, visited);
        }

        _order.Reverse();
    }

    /// <summary>The stages in an order in which each comes after those that it waits for. An executor is one unit of a run's work, as the number of its messages says nothing.</summary>
    public IReadOnlyList<PlannedStage> Plan => [.. _order.Select(name => new PlannedStage(name, 1, _before[name]))];

    /// <summary>Whether work goes from one stage back to another that it came from: the two are in a loop.</summary>
    public bool IsLoop(string from, string to)
    {
        var (seen, next) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>([from]));
        while (next.TryDequeue(out var name))
        {
            if (name == to)
            {
                return true;
            }

            foreach (var other in _next.GetValueOrDefault(name, []).Where(seen.Add))
            {
                next.Enqueue(other);
            }
        }

        return false;
    }

    // Depth first; false in `visited` while under way: an edge to such a one leads back. What is done first is last in order.
    private void Visit(string name, Dictionary<string, bool> visited)
    {
        if (!visited.TryAdd(name, false))
        {
            return;
        }

        foreach (var next in _next[name])
        {
            Visit(next, visited);
            if (visited[next])
            {
                _before[next].Add(name);
            }
        }

        visited[name] = true;
        _order.Add(name);
    }
}
