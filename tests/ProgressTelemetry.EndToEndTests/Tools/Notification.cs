namespace ProgressTelemetry.EndToEndTests.Tools;

/// <summary>One alert as a webhook was told of it.</summary>
internal sealed record Notification(string Receiver, string Status, IReadOnlyDictionary<string, string> Labels, string Description)
{
    public string Alert => Label("alertname");

    public bool IsFiring => Status == "firing";

    public string Label(string name) => Labels.GetValueOrDefault(name, "");

    public override string ToString() => $"{Receiver}: {Status} {Alert} {Label("workflow_run_id")} {Label("workflow_milestone_name")}";
}
