using System.Text;
using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Reporting;

/// <summary>The report in GitHub's Markdown.</summary>
internal static class MarkdownReport
{
    /// <summary>Moments of the forecast's table.</summary>
    private const int CourseRows = 10;

    public static string Write(ProgressReport report)
    {
        var text = new StringBuilder();
        var run = report.Status;
        text.Append($"# {Escape(run.Workflow)}: {StateName(run.State)}\n\n{Escape(report.Summary)}\n\n");
        AddRun(text, run);
        AddRecommendations(text, report);
        AddBottlenecks(text, report);
        AddStages(text, report);
        AddMilestones(text, report);
        AddPerformance(text, report);
        AddCourse(text, report);
        return text.ToString();
    }

    /// <summary>Text that shows as it is, in a line or a cell of a table.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in Clean(text))
        {
            if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' or '#' or '&' or '~' or '$' or '!')
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        // What looks like an address would become a link, and what looks like a name would call somebody: an invisible joiner keeps the name from being one.
        return escaped.Replace("://", "\\://").Replace("www.", "www\\.").Replace("@", "@\u2060").ToString();
    }

    private static void AddRun(StringBuilder text, WorkflowStatus run)
    {
        text.Append("| | |\n| --- | --- |\n");
        Row("Run", Escape(run.RunId));
        Row("Version", run.Version is { } version ? Escape(version) : null);
        Row("Trace", run.TraceId);
        Row("Result", run.Result?.ToString().ToLowerInvariant());
        Row("Error", run.ErrorType is { } error ? Escape(error) : null);
        Row("Started", Moment(run.StartedAt));
        Row(run.EndedAt is null ? "As of" : "Ended", Moment(run.AsOf));
        Row("Deadline", run.Deadline is { } deadline ? Moment(deadline) : null);
        Row("Expected end", run.Estimate is { } e ? $"{Moment(e.Expected)} ({Moment(e.Low)} to {Moment(e.High)})" : null);
        text.Append('\n');

        void Row(string what, string? value)
        {
            if (value is not null)
            {
                text.Append($"| {what} | {value} |\n");
            }
        }
    }

    private static void AddRecommendations(StringBuilder text, ProgressReport report)
    {
        text.Append("## Recommendations\n\n");
        if (report.Recommendations.Count == 0)
        {
            text.Append("None: nothing stands out.\n\n");
            return;
        }

        var n = 0;
        foreach (var advice in report.Recommendations)
        {
            text.Append($"{++n}. **{Escape(advice.Action)}** {Escape(advice.Evidence)}\n");
        }

        text.Append('\n');
    }

    private static void AddBottlenecks(StringBuilder text, ProgressReport report)
    {
        if (report.Bottlenecks.Count == 0)
        {
            return;
        }

        text.Append("## Bottlenecks\n\n");
        foreach (var finding in report.Bottlenecks)
        {
            text.Append($"- {Escape(finding.Evidence)}\n");
        }

        text.Append('\n');
    }

    private static void AddStages(StringBuilder text, ProgressReport report)
    {
        text.Append("## Stages\n\n");
        if (report.Stages.Count == 0)
        {
            text.Append("None yet.\n\n");
            return;
        }

        text.Append("| # | Stage | State | Tasks | Failed | Revisions | Attempts | Wall time | Share | Waits | Task |\n");
        text.Append("| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var (stage, more) in report.Status.Stages.Zip(report.Stages))
        {
            var task = stage.AverageTaskDuration is { } mean ? Duration(mean) : "–";
            text.Append($"| {stage.Index} | {Escape(stage.Name)}{(more.IsCritical ? " ◆" : "")} | {StateName(stage.State)} | {Tasks(stage)} | {stage.FailedTasks} | {stage.Revisions} | {stage.Attempts} ");
            text.Append($"| {Duration(stage.WallTime)} | {Percent(more.WallShare)} | {Duration(stage.WaitTime)} | {task} |\n");
        }

        text.Append(report.CriticalChain.Count > 0 ? "\n◆ on the chain of stages that decides the end.\n\n" : "\n");
    }

    public static string Tasks(StageStatus stage) => $"{Number(stage.CompletedTasks)} / {(stage.ExpectedTasks is { } expected ? Number(expected) : "?")}";

    private static void AddMilestones(StringBuilder text, ProgressReport report)
    {
        if (report.Milestones.Count == 0)
        {
            return;
        }

        text.Append("## Milestones\n\n| Milestone | At | Reached | After |\n| --- | ---: | --- | ---: |\n");
        foreach (var milestone in report.Milestones)
        {
            var (reached, after) = milestone.ReachedAt is { } at ? (Moment(at), Duration(at - report.Status.StartedAt)) : ("–", "–");
            text.Append($"| {Escape(milestone.Name)} | {Percent(milestone.CompletionRatio)} | {reached} | {after} |\n");
        }

        text.Append('\n');
    }

    private static void AddPerformance(StringBuilder text, ProgressReport report)
    {
        text.Append("## Performance\n\n| | |\n| --- | ---: |\n");
        foreach (var (what, value) in PerformanceRows.Of(report))
        {
            text.Append($"| {what} | {value} |\n");
        }

        text.Append('\n');
    }

    private static void AddCourse(StringBuilder text, ProgressReport report)
    {
        text.Append("## Course\n\n| After | Completion | Predicted duration | From | To |\n| ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var p in Thin(report.Timeline, CourseRows))
        {
            text.Append($"| {Duration(p.At)} | {(p.CompletionRatio is { } ratio ? Percent(ratio) : "?")} | {Time(p.Expected)} | {Time(p.Low)} | {Time(p.High)} |\n");
        }

        static string Time(TimeSpan? time) => time is { } t ? Duration(t) : "–";
    }

    /// <summary>At most so many of the points, spread evenly, the first and the last among them.</summary>
    public static IEnumerable<ForecastPoint> Thin(IReadOnlyList<ForecastPoint> points, int most) =>
        points.Count <= most ? points : Enumerable.Range(0, most).Select(i => points[(int)Math.Round(i * (points.Count - 1.0) / (most - 1))]);
}
