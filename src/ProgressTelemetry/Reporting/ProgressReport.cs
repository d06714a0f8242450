using System.Net;
using System.Text;
using System.Text.Json;
using ProgressTelemetry.Reporting;
using ProgressTelemetry.Tracking;

namespace ProgressTelemetry;

/// <summary>A report on one run: what it is made of, how it went, what is slow.</summary>
public sealed record ProgressReport
{
    /// <summary>The run as it is, or was when it ended.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>The report as JSON.</summary>
    /// <returns>One JSON object.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJsonContext.Default.ProgressReport);

    /// <summary>The report as Markdown.</summary>
    /// <returns>A document with a title.</returns>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine($"# {Status.Workflow}: run {Status.RunId}").AppendLine();
        text.AppendLine($"{Status.State}, {Status.CompletedTasks} of {Status.ExpectedTasks?.ToString() ?? "?"} tasks, {Status.Elapsed:g}").AppendLine();
        foreach (var stage in Status.Stages)
        {
            text.AppendLine($"- {stage.Name}: {stage.State}, {stage.CompletedTasks} of {stage.ExpectedTasks?.ToString() ?? "?"} tasks");
        }

        return text.ToString();
    }

    /// <summary>The report as one self-contained HTML page.</summary>
    /// <returns>A page that needs no script.</returns>
    public string ToHtml() => $"<!doctype html><meta charset=\"utf-8\"><pre>{WebUtility.HtmlEncode(ToMarkdown())}</pre>";

    internal static ProgressReport Of(RunState run) => new() { Status = run.Status(run.Clock.Now) };
}
