using System.Text;
using static ProgressTelemetry.Reporting.HtmlText;
using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Reporting;

/// <summary>The report as one page of HTML that loads nothing and runs nothing.</summary>
internal static class HtmlReport
{
    /// <summary>Longer tables are folded away.</summary>
    private const int MostOpenRows = 40;
    private const int CourseRows = 12;

    public static string Write(ProgressReport report)
    {
        var html = new StringBuilder(32 * 1024);
        var run = report.Status;
        html.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
        html.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        html.Append($"<title>{Escape(run.Workflow)}: {StateName(run.State)} · run report</title>\n<style>\n{HtmlStyle.Sheet}</style>\n</head>\n<body>\n<main>\n");
        AddHead(html, report);
        AddRecommendations(html, report);
        var axis = new TimeAxis(Math.Max(run.Elapsed.TotalSeconds, run.Result is null ? (report.Performance.Duration ?? TimeSpan.Zero).TotalSeconds : 0));
        AddFigures(html, report, axis);
        AddStages(html, report);
        html.Append("<div class=\"columns\">\n");
        AddMilestones(html, report);
        AddPerformance(html, report);
        AddCourse(html, report);
        html.Append("</div>\n");
        html.Append($"<footer>Run {Name(run.RunId)}{(run.TraceId is { } trace ? $" · trace {trace}" : "")} · {(run.EndedAt is null ? "as of" : "ended")} {Moment(run.AsOf)} · ProgressTelemetry</footer>\n</main>\n</body>\n</html>\n");
        return html.ToString();
    }

    private static void AddHead(StringBuilder html, ProgressReport report)
    {
        var run = report.Status;
        html.Append($"<header>\n<p class=\"eyebrow\">Run report</p>\n<h1>{Name(run.Workflow)} <span class=\"state {StateName(run.State)}\">{StateName(run.State)}</span></h1>\n");
        html.Append($"<p class=\"run\">{Name(run.RunId)}{(run.Version is { } version ? $" · version {Name(version)}" : "")} · started {Moment(run.StartedAt)}{(run.ErrorType is { } error ? $" · {Name(error)}" : "")}</p>\n");
        html.Append($"<p class=\"summary\">{Escape(report.Summary)}</p>\n</header>\n<dl class=\"tiles\">\n");
        var performance = report.Performance;
        Tile(run.Result is null ? "Running for" : "Took", Duration(run.Elapsed), performance.TypicalDuration is { } typical ? $"earlier runs {Duration(typical)}" : null);
        Tile("Done", run.CompletionRatio is { } ratio ? Percent(ratio) : "?", $"{ReportText.Number(run.CompletedTasks)} of {(run.ExpectedTasks is { } expected ? Count(expected, "task") : "an unknown number of tasks")}");
        if (run.Estimate is { } e)
        {
            Tile("Remaining", Duration(e.Remaining), $"{Duration(e.RemainingLow)} to {Duration(e.RemainingHigh)}");
        }

        if (run.Bottleneck is { } bottleneck)
        {
            Tile("Bottleneck", bottleneck.Kind == BottleneckKind.Stage ? Name(Shorten(Clean(bottleneck.Stage!), 24)) : bottleneck.Kind == BottleneckKind.Dispatch ? "dispatch" : "waiting", $"{Percent(bottleneck.Share)} of the run");
        }

        var counts = run.Performance;
        if (counts.FailedTasks > 0)
        {
            Tile("Failed", ReportText.Number(counts.FailedTasks), counts.FailedTasks == 1 ? "task" : "tasks");
        }

        if (counts.Revisions > 0)
        {
            Tile("Sent back", ReportText.Number(counts.Revisions), counts.Revisions == 1 ? "revision" : "revisions");
        }

        if (performance.AverageParallelism is { } parallelism)
        {
            Tile("Tasks at once", parallelism.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture), "on average");
        }

        html.Append("</dl>\n");

        void Tile(string what, string value, string? more) =>
            html.Append($"<div><dt>{what}</dt><dd>{value}</dd>{(more is null ? "" : $"<dd class=\"more\">{more}</dd>")}</div>\n");
    }

    private static void AddRecommendations(StringBuilder html, ProgressReport report)
    {
        html.Append("<section>\n<h2>Recommendations</h2>\n");
        if (report.Recommendations.Count == 0)
        {
            html.Append("<p class=\"none\">None: nothing stands out.</p>\n");
        }
        else
        {
            html.Append("<ol class=\"advice\">\n");
            foreach (var advice in report.Recommendations)
            {
                html.Append($"<li><span class=\"gain\">−{Percent(advice.ExpectedGain)}</span><div><p>{Escape(advice.Action)}</p><p class=\"evidence\">{Escape(advice.Evidence)}</p></div></li>\n");
            }

            html.Append("</ol>\n");
        }

        var said = report.Recommendations.Select(r => r.Evidence).ToHashSet(StringComparer.Ordinal);
        var others = report.Bottlenecks.Where(b => !said.Contains(b.Evidence)).ToList();
        if (others.Count > 0)
        {
            html.Append($"<h3>Also measured</h3>\n<ul class=\"also\">\n{string.Concat(others.Select(b => $"<li>{Escape(b.Evidence)}</li>\n"))}</ul>\n");
        }

        html.Append("</section>\n");
    }

    private static void AddFigures(StringBuilder html, ProgressReport report, TimeAxis axis)
    {
        if (report.Stages.Count > 0)
        {
            html.Append("<section>\n<h2>Stages over time</h2>\n");
            GanttFigure.AddTo(html, report, axis);
            html.Append("</section>\n");
        }

        html.Append("<section>\n<h2>Completion and forecast</h2>\n");
        CourseFigure.AddTo(html, report, axis);
        html.Append("</section>\n");
        if (report.Stages.Any(s => s.WallShare > 0) || report.Performance.WaitingTime > TimeSpan.Zero)
        {
            html.Append("<section>\n<h2>Where the time went</h2>\n");
            SharesFigure.AddTo(html, report);
            html.Append("</section>\n");
        }
    }

    private static void AddStages(StringBuilder html, ProgressReport report)
    {
        html.Append("<section>\n<h2>Stages</h2>\n");
        var folded = report.Stages.Count > MostOpenRows;
        html.Append(folded ? $"<details><summary>All {ReportText.Number(report.Stages.Count)} stages</summary>\n" : "");
        html.Append("<div class=\"scroll\" role=\"region\" aria-label=\"Stages\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">Stage</th><th scope=\"col\">State</th>"
            + "<th scope=\"col\" class=\"n\">Tasks</th><th scope=\"col\" class=\"n\">Failed</th><th scope=\"col\" class=\"n\">Revisions</th><th scope=\"col\" class=\"n\">Wall time</th><th scope=\"col\" class=\"n\">Share</th>"
            + "<th scope=\"col\" class=\"n\">Waits</th><th scope=\"col\" class=\"n\">Mean task</th><th scope=\"col\" class=\"n\">Beside earlier runs</th></tr></thead>\n<tbody>\n");
        foreach (var (stage, more) in report.Status.Stages.Zip(report.Stages))
        {
            var task = stage.AverageTaskDuration is { } mean ? Duration(mean) : "–";
            var slower = more.SlowerThanHistory is { } than ? $"{Factor(than.Factor)} × as slow" : "–";
            html.Append($"<tr><th scope=\"row\">{Name(stage.Name)}</th><td>{StateName(stage.State)}</td><td class=\"n\">{MarkdownReport.Tasks(stage)}</td><td class=\"n\">{ReportText.Number(stage.FailedTasks)}</td>");
            html.Append($"<td class=\"n\">{ReportText.Number(stage.Revisions)}</td><td class=\"n\">{Duration(stage.WallTime)}</td><td class=\"n\">{Percent(more.WallShare)}</td>");
            html.Append($"<td class=\"n\">{Duration(stage.WaitTime)}</td><td class=\"n\">{task}</td><td class=\"n\">{slower}</td></tr>\n");
        }

        html.Append($"</tbody>\n</table></div>\n{(folded ? "</details>\n" : "")}</section>\n");
    }

    private static void AddMilestones(StringBuilder html, ProgressReport report)
    {
        if (report.Milestones.Count == 0)
        {
            return;
        }

        html.Append("<section>\n<h2>Milestones</h2>\n<div class=\"scroll\" role=\"region\" aria-label=\"Milestones\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">Milestone</th><th scope=\"col\" class=\"n\">At</th><th scope=\"col\" class=\"n\">Reached after</th></tr></thead>\n<tbody>\n");
        foreach (var milestone in report.Milestones)
        {
            var after = milestone.ReachedAt is { } at ? Duration(at - report.Status.StartedAt) : "–";
            html.Append($"<tr><th scope=\"row\">{Name(milestone.Name)}</th><td class=\"n\">{Percent(milestone.CompletionRatio)}</td><td class=\"n\">{after}</td></tr>\n");
        }

        html.Append("</tbody>\n</table></div>\n</section>\n");
    }

    private static void AddPerformance(StringBuilder html, ProgressReport report)
    {
        html.Append("<section>\n<h2>Performance</h2>\n<table>\n<tbody>\n");
        foreach (var (what, value) in PerformanceRows.Of(report))
        {
            html.Append($"<tr><th scope=\"row\">{what}</th><td class=\"n\">{value}</td></tr>\n");
        }

        html.Append("</tbody>\n</table>\n</section>\n");
    }

    private static void AddCourse(StringBuilder html, ProgressReport report)
    {
        html.Append("<section>\n<h2>Course</h2>\n<div class=\"scroll\" role=\"region\" aria-label=\"Course\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\" class=\"n\">After</th><th scope=\"col\" class=\"n\">Done</th><th scope=\"col\" class=\"n\">Predicted duration</th></tr></thead>\n<tbody>\n");
        foreach (var p in MarkdownReport.Thin(report.Timeline, CourseRows))
        {
            var done = p.CompletionRatio is { } ratio ? Percent(ratio) : "?";
            var expected = p.Expected is { } e ? $"{Duration(e)} <span class=\"dim\">({Duration(p.Low!.Value)} to {Duration(p.High!.Value)})</span>" : "–";
            html.Append($"<tr><td class=\"n\">{Duration(p.At)}</td><td class=\"n\">{done}</td><td class=\"n\">{expected}</td></tr>\n");
        }

        html.Append("</tbody>\n</table></div>\n</section>\n");
    }
}
