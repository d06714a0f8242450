using System.Text.Json;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>A node of an Argo workflow's status.</summary>
internal sealed class ArgoNode(string id, JsonElement node)
{
    public string Id => id;

    public string Name { get; } = node.Text("name") is { Length: > 0 } name ? name : id;

    public string DisplayName { get; } = node.Text("displayName", "name");

    public string Type { get; } = node.Text("type");

    public string Template { get; } = node.Text("templateName") is { Length: > 0 } own ? own : node.Get("templateRef").Text("template");

    public string Phase { get; } = node.Text("phase");

    public DateTimeOffset? StartedAt { get; } = node.Date("startedAt");

    public DateTimeOffset? FinishedAt { get; } = node.Date("finishedAt");

    /// <summary>Whether its result was remembered from an earlier run.</summary>
    public bool IsCached { get; } = node.Get("memoizationStatus").Text("hit") == "true";

    public IReadOnlyList<string> Children { get; } = [.. node.Get("children").Items().Where(c => c.ValueKind == JsonValueKind.String).Select(c => c.GetString()!)];

    /// <summary>Whether it works itself, and doesn't only hold others together.</summary>
    public bool IsWork => Type is not ("Steps" or "StepGroup" or "DAG" or "TaskGroup" or "Retry");

    /// <summary>The task that it is, or is an attempt at.</summary>
    public string Task { get; set; } = "";

    public string Stage { get; set; } = "";
}
