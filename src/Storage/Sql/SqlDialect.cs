namespace ProgressTelemetry.Storage;

/// <summary>Where two SQL databases differ.</summary>
internal abstract record SqlDialect
{
    /// <summary>The database's clock, in ms since 1970.</summary>
    public required string Now { get; init; }

    /// <summary>A number for a change that is made now: later changes have no smaller ones.</summary>
    public required string NextChange { get; init; }

    /// <summary>A number that no change can have any more that can't be seen yet: from there on is to be read again.</summary>
    public required string Horizon { get; init; }

    /// <summary>Whether a column is one of the texts of a JSON array (<c>@texts</c>).</summary>
    public required Func<string, string> IsAmong { get; init; }

    /// <summary>Whether there is a table of that name (<c>@name</c>).</summary>
    public required string TableExists { get; init; }

    /// <summary>Keeps others from changing the schema until the transaction ends.</summary>
    public required string LockSchema { get; init; }
}
