using System.Diagnostics;

namespace ProgressTelemetry.Runtime;

/// <summary>What a run is called, where it comes from, and how it is traced.</summary>
internal sealed record RunIdentity
{
    public required string Workflow { get; init; }

    public required string Id { get; init; }

    public string? Version { get; init; }

    /// <summary>When it started, if that was before it was told of.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The stage of another run that it is a task of.</summary>
    public LiveStage? Parent { get; init; }

    /// <summary>Whether it has spans of its own: an engine may have made its own already.</summary>
    public bool HasSpans { get; init; } = true;

    /// <summary>The parent of its span.</summary>
    public ActivityContext? ParentContext { get; init; }

    /// <summary>Spans that its span links to.</summary>
    public IReadOnlyList<ActivityContext> Links { get; init; } = [];

    /// <summary>More attributes for its span.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Tags { get; init; } = [];

    /// <summary>Digits of a stage's index, so that text sorts as numbers do.</summary>
    public int IndexDigits { get; init; } = 2;
}
