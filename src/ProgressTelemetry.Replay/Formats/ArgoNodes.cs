using System.Text.Json;
using System.Text.RegularExpressions;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>The nodes of an Argo workflow: which are tasks, which are attempts at one, and which need which.</summary>
internal sealed partial class ArgoNodes
{
    private readonly Dictionary<string, ArgoNode> _nodes;
    private readonly HashSet<string> _retries;
    private readonly ILookup<string, ArgoNode> _parents;
    private readonly ILookup<string, ArgoNode> _ofTask;

    public ArgoNodes(JsonElement nodes)
    {
        _nodes = nodes.EnumerateObject().Select(node => new ArgoNode(node.Name, node.Value)).DistinctBy(node => node.Id, StringComparer.Ordinal).ToDictionary(node => node.Id, StringComparer.Ordinal);
        _retries = _nodes.Values.Where(node => node.Type == "Retry").Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in _nodes.Values)
        {
            node.Task = TaskOf(node.Name);
            node.Stage = StageOf(node);
        }

        _parents = _nodes.Values.SelectMany(node => node.Children.Select(child => (Child: child, Node: node))).ToLookup(edge => edge.Child, edge => edge.Node, StringComparer.Ordinal);
        _ofTask = _nodes.Values.ToLookup(node => node.Task, StringComparer.Ordinal);
    }

    /// <summary>The nodes that work.</summary>
    public IEnumerable<ArgoNode> Work => _nodes.Values.Where(node => node.IsWork);

    /// <summary>The tasks that one comes directly after: upwards from it and its other attempts, through what only holds others together.</summary>
    public IReadOnlyList<string> ParentsOf(ArgoNode task)
    {
        var found = new List<string>();
        var seen = _ofTask[task.Task].ToHashSet();
        var open = new Stack<ArgoNode>(seen);
        while (open.TryPop(out var node))
        {
            foreach (var parent in _parents[node.Id].Where(seen.Add))
            {
                if (parent.IsWork && parent.Task != task.Task)
                {
                    found.Add(parent.Task);
                }
                else
                {
                    open.Push(parent);
                }
            }
        }

        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>A name without the numbers of attempts: <c>run.fetch(1).load</c>, where <c>run.fetch</c> is a Retry node, is <c>run.fetch.load</c>.</summary>
    private string TaskOf(string name) => AttemptNumber.Replace(name, number => _retries.Contains(name[..number.Index]) ? "" : number.Value);

    /// <summary>What people call it; the root, whose name is only this run's, is called after its template.</summary>
    private static string StageOf(ArgoNode node)
    {
        var isRoot = !node.Task.AsSpan().ContainsAny('.', '[');
        var name = isRoot && node.Template.Length > 0 ? node.Template : node.DisplayName;
        return StageName.Of(Item.Replace(name, ""));
    }

    [GeneratedRegex(@"\(\d+\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AttemptNumber { get; }

    /// <summary>The numbers of attempts and the items of loops at a name's end: <c>(0)</c>, <c>(0:ubuntu)</c>.</summary>
    [GeneratedRegex(@"\(\d+(:.*)?\)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Item { get; }
}
