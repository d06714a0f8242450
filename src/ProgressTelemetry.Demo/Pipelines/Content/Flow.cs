namespace ProgressTelemetry.Demo.Pipelines.Content;

/// <summary>Nodes and the ways between them: each node's action names the way to the next, and a node without one for its action is the last.</summary>
/// <param name="afterEach">Called with the shared store before the first node and after each.</param>
internal sealed class Flow(Action<IDictionary<string, object?>> afterEach)
{
    public const string Default = "default";

    private readonly Dictionary<(INode Node, string Action), INode> _ways = [];

    public Flow Way(INode from, string action, INode to)
    {
        _ways.Add((from, action), to);
        return this;
    }

    public async Task RunAsync(INode start, IDictionary<string, object?> shared, CancellationToken cancellationToken)
    {
        afterEach(shared);
        for (var node = start; node is not null;)
        {
            var action = await node.RunAsync(shared, cancellationToken);
            afterEach(shared);
            node = _ways.GetValueOrDefault((node, action));
        }
    }
}
