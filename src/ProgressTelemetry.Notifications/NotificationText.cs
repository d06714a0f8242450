using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ProgressTelemetry.Shared;
using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Notifications;

/// <summary>Makes notifications of what happened.</summary>
internal static class NotificationText
{
    /// <summary>The longest part of a name that is told.</summary>
    private const int Most = 100;

    public static ProgressNotification Make(ProgressNotificationKinds kind, WorkflowStatus run, string? milestone = null, TimeSpan silence = default)
    {
        var name = $"{Plain(run.Workflow)} {Plain(run.RunId)}";
        var (title, text) = kind switch
        {
            ProgressNotificationKinds.Ended => ($"{name} {End(run)}", $"It took {Duration(run.Elapsed)}: {Tasks(run)}."),
            ProgressNotificationKinds.Milestone => ($"{name} has reached {Quote(Plain(milestone!))}", $"{Sentence(Tasks(run))}{Ahead(run)}"),
            ProgressNotificationKinds.Stalled => ($"{name} has stalled", $"Nothing has moved for {Duration(silence)}. {Sentence(Tasks(run))}{Where(run)}"),
            _ => ($"{name} has missed its deadline", $"It was {Moment(run.Deadline ?? run.AsOf)}. {Sentence(Tasks(run))}{Ahead(run)}{Where(run)}"),
        };
        return new ProgressNotification
        {
            Kind = kind,
            Title = title,
            Text = run.ErrorType is { } error && kind == ProgressNotificationKinds.Ended ? $"{text} Error: {Plain(error)}." : text,
            Status = run,
            Milestone = milestone,
            Key = KeyOf(kind, run, milestone),
        };
    }

    private static string End(WorkflowStatus run) => run switch
    {
        { State: WorkflowState.Succeeded } => "has succeeded",
        { Result: WorkflowResult.Timeout } => "has run out of time",
        { State: WorkflowState.Cancelled } => "was cancelled",
        { State: WorkflowState.Abandoned } => "stopped before its end",
        _ => "has failed",
    };

    private static string Tasks(WorkflowStatus run)
    {
        var failed = run.Performance.FailedTasks > 0 ? $", {Number(run.Performance.FailedTasks)} of them failed" : "";
        return run.ExpectedTasks is { } expected ? $"{Number(run.CompletedTasks)} of {Count(expected, "task")} done{failed}" : $"{Count(run.CompletedTasks, "task")} done{failed}";
    }

    private static string Ahead(WorkflowStatus run) => run.EndedAt is null && TimeLeftText.Of(run.Estimate) is { } left ? $" {Sentence(left)}" : "";

    private static string Where(WorkflowStatus run) => run.CurrentStages is [var stage, ..] ? $" It is in {Quote(Plain(stage))}." : "";

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text.AsSpan(1)}.";

    private static string Plain(string name) => Shorten(Clean(name), Most);

    // A run may be started anew under its id, and stall more than once.
    private static string KeyOf(ProgressNotificationKinds kind, WorkflowStatus run, string? milestone)
    {
        var since = kind == ProgressNotificationKinds.Stalled ? run.LastProgressAt : run.StartedAt;
        var text = string.Create(CultureInfo.InvariantCulture, $"{kind}\n{run.Workflow}\n{run.RunId}\n{since.UtcTicks}\n{milestone}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
