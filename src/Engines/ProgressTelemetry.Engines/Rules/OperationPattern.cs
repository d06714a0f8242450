namespace ProgressTelemetry.Rules;

/// <summary>An operation's name, in which one star may stand for any text.</summary>
internal sealed record OperationPattern
{
    private readonly int _star;

    public OperationPattern(string operation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(operation);
        _star = operation.IndexOf('*', StringComparison.Ordinal);
        if (_star >= 0 && operation.IndexOf('*', _star + 1) >= 0)
        {
            throw new ArgumentException($"An operation may have one star; '{operation}' has more.", nameof(operation));
        }

        Text = operation;
    }

    public string Text { get; }

    /// <summary>What the star stands for in an operation of this pattern (empty without a star); null when the operation isn't of it.</summary>
    public string? Match(string operation)
    {
        if (_star < 0)
        {
            return operation == Text ? "" : null;
        }

        var before = Text.AsSpan(0, _star);
        var after = Text.AsSpan(_star + 1);
        return operation.Length >= before.Length + after.Length && operation.AsSpan().StartsWith(before, StringComparison.Ordinal) && operation.AsSpan().EndsWith(after, StringComparison.Ordinal)
            ? operation[before.Length..^after.Length]
            : null;
    }
}
