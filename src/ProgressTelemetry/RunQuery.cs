namespace ProgressTelemetry;

/// <summary>Which runs to read, and which part of them. Its conditions are joined by "and"; what is null asks nothing.</summary>
public sealed record RunQuery
{
    /// <summary>The most runs that a page may have.</summary>
    public const int MaxTake = 500;

    /// <summary>Runs of this workflow: its whole name, in its case.</summary>
    public string? Workflow { get; init; }

    /// <summary>Runs in one of these states; null for all.</summary>
    public IReadOnlyCollection<WorkflowState>? States { get; init; }

    /// <summary>Runs whose id, workflow or one of whose current stages has this text in it, in whatever case.</summary>
    public string? Text { get; init; }

    /// <summary>Runs that started, or ended, at this moment or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether recently ended runs belong to it too; default: they do.</summary>
    public bool IncludeEnded { get; init; } = true;

    /// <summary>How many of the matching runs to leave out at the beginning, 0 or more; default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Skip
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>How many runs to read at most, 1 to <see cref="MaxTake"/>; default: 50.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int Take
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxTake);
            field = value;
        }
    } = 50;
}
