using System.Text;
using static ProgressTelemetry.Reporting.HtmlText;
using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Reporting;

/// <summary>When each stage ran, as inline SVG.</summary>
internal static class GanttFigure
{
    /// <summary>More rows are no picture any more; the table has them all.</summary>
    private const int MostRows = 60;
    private const int RowHeight = 36;
    private const int BarHeight = 12;
    private const int LongestName = 34;

    public static void AddTo(StringBuilder html, ProgressReport report, TimeAxis axis)
    {
        var rows = report.Status.Stages.Zip(report.Stages).ToList();
        var shown = rows.Count <= MostRows ? rows
            : [.. rows.OrderByDescending(r => r.First.WallTime).ThenBy(r => r.First.Index).Take(MostRows).OrderBy(r => r.First.Index)];
        var bottom = (shown.Count * RowHeight) + 4;
        html.Append($"<svg class=\"figure\" width=\"100%\" height=\"{bottom + 22}\" role=\"img\" aria-labelledby=\"gantt-title gantt-desc\">\n");
        html.Append("<title id=\"gantt-title\">When each stage ran</title>\n");
        html.Append($"<desc id=\"gantt-desc\">One bar for each attempt at a stage, over {Duration(axis.Seconds)}. The table of stages has the numbers.</desc>\n");
        html.Append("<defs><pattern id=\"wait\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"wait-ground\" width=\"6\" height=\"6\"/><rect class=\"wait-line\" width=\"2\" height=\"6\"/></pattern></defs>\n");
        axis.AddTo(html, 4, bottom);
        for (var i = 0; i < shown.Count; i++)
        {
            AddRow(html, shown[i].First, shown[i].Second, axis, report.Status.Elapsed, i * RowHeight);
        }

        if (report.Status.Result is null)
        {
            html.Append($"<line class=\"now\" x1=\"{axis.At(report.Status.Elapsed)}\" x2=\"{axis.At(report.Status.Elapsed)}\" y1=\"4\" y2=\"{bottom}\"><title>Now</title></line>\n");
        }

        html.Append("</svg>\n");
        AddLegend(html, report, rows.Count - shown.Count);
    }

    private static void AddRow(StringBuilder svg, StageStatus stage, StageReport more, TimeAxis axis, TimeSpan elapsed, int top)
    {
        var y = top + 20;
        svg.Append($"<g><title>{Escape(stage.Name)}: {StateName(stage.State)}, {MarkdownReport.Tasks(stage)} tasks, {Duration(stage.WallTime)} of wall time ({Percent(more.WallShare)})</title>");
        svg.Append($"<text class=\"name\" x=\"0\" y=\"{top + 14}\">{(more.IsCritical ? "<tspan class=\"mark\">◆ </tspan>" : "")}{Escape(Shorten(Clean(stage.Name), LongestName))}</text>");
        svg.Append($"<text class=\"value\" x=\"100%\" y=\"{top + 14}\" text-anchor=\"end\">{Figures(stage, more)}</text>");
        svg.Append($"<rect class=\"track\" x=\"0\" width=\"100%\" y=\"{y}\" height=\"{BarHeight}\" rx=\"3\"/>");
        foreach (var span in more.Attempts)
        {
            AddBar(svg, span, $"{Colour(stage.Index)}{(span.Result is null or WorkflowResult.Success or WorkflowResult.Skip ? "" : " bad")}");
        }

        foreach (var wait in more.Waits)
        {
            AddBar(svg, wait, "wait");
        }

        svg.Append("</g>\n");

        void AddBar(StringBuilder to, StageSpan span, string kind)
        {
            var end = span.End ?? elapsed;
            to.Append($"<rect class=\"{kind}\" x=\"{axis.At(span.Start)}\" width=\"{axis.Length(span.Start.TotalSeconds, end.TotalSeconds)}\" y=\"{y}\" height=\"{BarHeight}\" rx=\"2\"/>");

            // The shortest stretch is still seen.
            to.Append($"<rect class=\"{kind}\" x=\"{axis.At(span.Start)}\" width=\"2\" y=\"{y}\" height=\"{BarHeight}\"/>");
        }
    }

    private static string Figures(StageStatus stage, StageReport more)
    {
        if (more.Attempts.Count == 0)
        {
            return "pending";
        }

        var state = stage.State == WorkflowState.Succeeded ? "" : $"{StateName(stage.State)} · ";
        var attempts = stage.Attempts > 1 ? $"{stage.Attempts} attempts · " : "";
        return $"{state}{attempts}{MarkdownReport.Tasks(stage)} · {Percent(more.WallShare)}";
    }

    private static void AddLegend(StringBuilder html, ProgressReport report, int hidden)
    {
        html.Append("<p class=\"note\">Right of each name: tasks ended / expected, and its share of the wall time.");
        if (report.CriticalChain.Count > 0)
        {
            html.Append(" <span class=\"mark\">◆</span> is on the chain of dependent stages that decides the end.");
        }

        if (report.Stages.Any(s => s.Waits.Count > 0))
        {
            html.Append(" Hatched: a declared wait.");
        }

        if (report.Stages.Any(s => s.Attempts.Any(a => a.Result is not (null or WorkflowResult.Success or WorkflowResult.Skip))))
        {
            html.Append(" Red: an attempt that did not succeed.");
        }

        if (report.Status.Result is null)
        {
            html.Append(" Dashed line: now; the axis goes on to the expected end.");
        }

        html.Append(hidden > 0 ? $" The {MostRows} stages with the most wall time; {ReportText.Number(hidden)} more are in the table.</p>\n" : "</p>\n");
    }
}
