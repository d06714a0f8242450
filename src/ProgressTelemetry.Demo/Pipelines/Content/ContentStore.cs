namespace ProgressTelemetry.Demo.Pipelines.Content;

/// <summary>The keys of the shared store that this flow's nodes, and the tracker's node after them, agree on.</summary>
internal sealed class ContentStore(IDictionary<string, object?> shared)
{
    public static Dictionary<string, object?> For(Brief brief) => new(StringComparer.Ordinal)
    {
        ["brief"] = brief,
        ["drafts"] = Array.Empty<Draft>(),
        ["workflow_state"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["current_stage"] = ContentStages.Engagement },
        ["task_requirements"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["platforms"] = new List<string>() },
        ["quality_control"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["revision_count"] = 0 },
        ["version_history"] = new List<object?>(),
    };

    public Brief Brief => (Brief)shared["brief"]!;

    public IReadOnlyList<Draft> Drafts
    {
        get => (IReadOnlyList<Draft>)shared["drafts"]!;
        set => shared["drafts"] = value;
    }

    /// <summary>The stage that the flow goes on to.</summary>
    public string CurrentStage
    {
        set => Section("workflow_state")["current_stage"] = value;
    }

    public IEnumerable<string> Platforms
    {
        set => Section("task_requirements")["platforms"] = value.ToList();
    }

    public int Revisions
    {
        get => (int)Section("quality_control")["revision_count"]!;
        set => Section("quality_control")["revision_count"] = value;
    }

    public void AddVersion(string version, string reason) => ((List<object?>)shared["version_history"]!).Add(
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["version"] = version, ["reason"] = reason });

    private Dictionary<string, object?> Section(string name) => (Dictionary<string, object?>)shared[name]!;
}
