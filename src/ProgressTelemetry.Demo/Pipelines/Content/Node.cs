namespace ProgressTelemetry.Demo.Pipelines.Content;

/// <summary>A step of a flow over a shared store: take what is needed from the store, work without it, write back what came out.</summary>
internal interface INode
{
    /// <summary>Runs the step.</summary>
    /// <returns>The action, which names the way that the flow goes on.</returns>
    Task<string> RunAsync(IDictionary<string, object?> shared, CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal abstract class Node<TInput, TOutput> : INode
{
    public async Task<string> RunAsync(IDictionary<string, object?> shared, CancellationToken cancellationToken)
    {
        var store = new ContentStore(shared);
        var input = Prep(store);
        var output = await ExecAsync(input, cancellationToken);
        return Post(store, output);
    }

    protected abstract TInput Prep(ContentStore store);

    protected abstract Task<TOutput> ExecAsync(TInput input, CancellationToken cancellationToken);

    protected abstract string Post(ContentStore store, TOutput output);
}
