namespace ProgressTelemetry.Demo.Pipelines.Catalog;

/// <summary>What to catalog, where the catalog goes, and how fast.</summary>
internal sealed record CatalogOptions
{
    /// <summary>The folder, as a full path.</summary>
    public required string Folder { get; init; }

    /// <summary>The CSV file to write; it is not part of its own catalog.</summary>
    public required string Output { get; init; }

    /// <summary>Names of folders to leave out, wherever they are.</summary>
    public IReadOnlyCollection<string> Excluded { get; init; } = [];

    /// <summary>How long the work is made to take; zero does it as fast as it goes.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>When it should be done, from its start.</summary>
    public TimeSpan? Deadline { get; init; }
}
