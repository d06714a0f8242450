using System.Diagnostics;

namespace ProgressTelemetry.Runtime;

/// <summary>How a run is traced.</summary>
internal sealed record RunTrace
{
    /// <summary>Of most runs nothing special is asked: they share this one.</summary>
    public static readonly RunTrace Default = new();

    /// <summary>Whether it has spans of its own: an engine may have made its own already.</summary>
    public bool HasSpans { get; init; } = true;

    /// <summary>The parent of its span.</summary>
    public ActivityContext? Parent { get; init; }

    /// <summary>Spans that its span links to.</summary>
    public IReadOnlyList<ActivityContext> Links { get; init; } = [];

    /// <summary>More attributes for its span.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Tags { get; init; } = [];
}
