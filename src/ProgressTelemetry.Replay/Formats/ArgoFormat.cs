using System.Text.Json;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>
/// Reads an Argo workflow with its status (<c>argo get NAME -o json</c> or <c>yaml</c>), or that status alone. What works is a task: pods and the like; the attempts under a Retry node are attempts at one; a Suspend node is a declared wait. Its
/// stage is its display name, without the item of a loop.
/// </summary>
internal sealed class ArgoFormat
{
    private const string Unsaid = "Argo's status does not say when a pod was scheduled, nor what else a pod waited for (locks, quotas): that is taken for its own time";

    private readonly string _file;
    private readonly Recording _recording;
    private readonly ArgoNodes _nodes;

    private ArgoFormat(string file, ArgoNodes nodes) => (_file, _recording, _nodes) = (file, new Recording(file), nodes);

    /// <summary>Whether a file's first line is that of such a YAML.</summary>
    public static bool IsYaml(string line) => line.StartsWith("---", StringComparison.Ordinal)
        || (line.Split(':') is [var key, ..] && key.Trim() is "apiVersion" or "kind" or "metadata" or "spec" or "status" or "nodes" or "items" && line.Contains(':', StringComparison.Ordinal));

    /// <summary>Whether this looks like one.</summary>
    public static bool Is(JsonElement root) => root.Has("nodes") || root.Has("status") || root.Text("kind") is "Workflow" or "WorkflowList" or "List";

    /// <summary>Reads a trace.</summary>
    /// <exception cref="TraceFormatException">It isn't one.</exception>
    public static Trace Read(string file, JsonElement root)
    {
        var workflow = root.Get("items").Items().ToList() switch
        {
            [] => root,
            [var only] => only,
            var many => throw new TraceFormatException(file, null, $"it has {many.Count} workflows; a file of one is wanted"),
        };
        var status = workflow.Has("status") ? workflow.Get("status") : workflow;
        if (status.Get("nodes").ValueKind != JsonValueKind.Object)
        {
            throw new TraceFormatException(file, null, status.Has("compressedNodes") || status.Has("offloadNodeStatusVersion")
                ? "its nodes are compressed or kept elsewhere; 'argo get NAME -o json' has them"
                : "it has no status.nodes");
        }

        return new ArgoFormat(file, new ArgoNodes(status.Get("nodes"))).Read(workflow.Get("metadata"), status);
    }

    private Trace Read(JsonElement metadata, JsonElement status)
    {
        var phase = status.Text("phase");
        _recording.Name = NameOf(metadata);
        _recording.StartedAt = status.Date("startedAt");
        _recording.IsRunning = phase is "Running" or "Pending";
        _recording.Result = phase switch
        {
            "Succeeded" => WorkflowResult.Success,
            "Failed" => WorkflowResult.Failure,
            "Error" => WorkflowResult.Error,
            _ => null,
        };
        foreach (var node in _nodes.Work)
        {
            Add(node);
        }

        _recording.Note(Unsaid);
        return _recording.Build();
    }

    /// <summary>The template that the workflow was made of, before a name that is only this run's.</summary>
    private static string? NameOf(JsonElement metadata)
    {
        var labels = metadata.Get("labels");
        var name = labels.Text("workflows.argoproj.io/cron-workflow", "workflows.argoproj.io/workflow-template", "workflows.argoproj.io/cluster-workflow-template") is { Length: > 0 } template
            ? template
            : metadata.Text("generateName").TrimEnd('-') is { Length: > 0 } generated ? generated : metadata.Text("name");
        return name.Length > 0 ? name : null;
    }

    private void Add(ArgoNode node)
    {
        var isSkip = node.Phase is "Skipped" or "Omitted" || node.IsCached;
        if (node.StartedAt is not { } start || (node.Phase == "Omitted" && _recording.Result != WorkflowResult.Success))
        {
            // Omitted is what the run did not come to, as what it needs failed; in a run that ended well it was not needed.
            _recording.AddUnreached(node.Stage);
            return;
        }

        var isOver = isSkip || node.Phase is "Succeeded" or "Failed" or "Error";
        if (isOver && !isSkip && node.FinishedAt is null)
        {
            throw new TraceFormatException(_file, null, $"node '{node.Name}' is {node.Phase} and has no finishedAt");
        }

        _recording.Add(new Attempt(node.Task, node.Stage, start)
        {
            End = isOver ? node.FinishedAt : null,
            EndsAs = isSkip ? TraceEventKind.Skip : node.Phase is "Failed" or "Error" ? TraceEventKind.Fail : TraceEventKind.Complete,
            Parents = _nodes.ParentsOf(node),
            Wait = node.Type == "Suspend" && !isSkip ? (start, null, node.DisplayName) : null,
        });
    }
}
