namespace ProgressTelemetry;

/// <summary>Which changes a store is asked for.</summary>
/// <param name="Cursor">The cursor of the changes before; null for all that is kept.</param>
/// <param name="Most">How many shares at most, 1 or more.</param>
public sealed record ShareQuery(string? Cursor, int Most)
{
    /// <summary>The runs that are asked for; null for all.</summary>
    public IReadOnlyCollection<string>? RunIds { get; init; }

    /// <summary>The process whose own shares aren't asked for; null for none.</summary>
    public string? NotOf { get; init; }
}
