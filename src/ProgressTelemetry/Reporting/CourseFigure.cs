using System.Text;
using static ProgressTelemetry.Reporting.HtmlText;
using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Reporting;

/// <summary>The completion over the run's time, and the forecasts of its duration as they were made, as inline SVG.</summary>
internal static class CourseFigure
{
    private const int Height = 170;

    /// <summary>Early intervals can be wide: what lies over so many times the run's duration is cut off.</summary>
    private const double MostOfDuration = 2.5;

    public static void AddTo(StringBuilder html, ProgressReport report, TimeAxis axis)
    {
        html.Append("<div class=\"figures\">\n<figure>\n<figcaption>Completion</figcaption>\n");
        AddCompletion(html, report, axis);
        html.Append("</figure>\n<figure>\n<figcaption>Forecast of the whole duration, as it was made</figcaption>\n");
        AddForecast(html, report, axis);
        html.Append("</figure>\n</div>\n");
        if (Hindsight(report) is { } hindsight)
        {
            html.Append($"<p class=\"note\">{hindsight}</p>\n");
        }
    }

    private static void AddCompletion(StringBuilder svg, ProgressReport report, TimeAxis axis)
    {
        Open(svg, "completion", "Completion over time", "A curve from 0 to 100 percent over the run's time, with a dot for each milestone. The table of the course has the numbers.");
        for (var i = 1; i <= 4; i++)
        {
            AddLevel(svg, i / 4.0, $"{i * 25} %");
        }

        axis.AddTo(svg, 0, Height);
        var points = report.Timeline.Where(p => p.CompletionRatio is not null).Select(p => (X: p.At.TotalSeconds, Y: p.CompletionRatio!.Value)).ToList();
        if (points.Count > 1)
        {
            var line = Path(points, axis, 1);
            OpenPlot(svg);
            svg.Append($"<path class=\"area\" d=\"M{X(points[0].X, axis)},1000L{line[1..]}L{X(points[^1].X, axis)},1000Z\"/><path class=\"line\" d=\"{line}\"/></svg>\n");
        }

        foreach (var milestone in report.Milestones)
        {
            if (milestone.ReachedAt is { } reached)
            {
                svg.Append($"<circle class=\"milestone\" cx=\"{axis.At(reached - report.Status.StartedAt)}\" cy=\"{HtmlText.Number(Height * (1 - milestone.CompletionRatio))}\" r=\"4\"><title>{Escape(milestone.Name)}, after {Duration(reached - report.Status.StartedAt)}</title></circle>\n");
            }
        }

        svg.Append("</svg>\n");
    }

    private static void AddForecast(StringBuilder svg, ProgressReport report, TimeAxis axis)
    {
        var points = report.Timeline.Where(p => p.Expected is not null)
            .Select(p => (X: p.At.TotalSeconds, Expected: p.Expected!.Value.TotalSeconds, Low: p.Low!.Value.TotalSeconds, High: p.High!.Value.TotalSeconds)).ToList();
        if (points.Count < 2)
        {
            svg.Append("<p class=\"none\">The run was too short to record forecasts, or nothing told how much there was to do.</p>\n");
            return;
        }

        var duration = axis.Seconds;
        var top = Math.Min(Math.Max(duration, points.Max(p => p.High)), MostOfDuration * Math.Max(duration, points[^1].Expected)) * 1.05;
        Open(svg, "forecast", "Forecasts of the duration", "For each moment of the run, the duration that was then predicted, with the interval meant to hold the truth four times in five. The table of the course has the numbers.");
        var ticks = new TimeAxis(top).Ticks();
        foreach (var t in ticks.Skip(1))
        {
            AddLevel(svg, t / top, TimeAxis.Label(t));
        }

        axis.AddTo(svg, 0, Height);
        OpenPlot(svg);
        var high = Path([.. points.Select(p => (p.X, p.High))], axis, top);
        var low = Path([.. points.Select(p => (p.X, p.Low)).Reverse()], axis, top);
        svg.Append($"<path class=\"band\" d=\"{high}L{low[1..]}Z\"/>");
        svg.Append($"<path class=\"elapsed\" d=\"M0,1000L{X(Math.Min(duration, top), axis)},{Y(Math.Min(duration, top) / top)}\"/>");
        svg.Append($"<path class=\"line\" d=\"{Path([.. points.Select(p => (p.X, p.Expected))], axis, top)}\"/></svg>\n");
        if (report.Status.Result == WorkflowResult.Success)
        {
            var y = HtmlText.Number(Height * (1 - (duration / top)));
            svg.Append($"<line class=\"truth\" x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"><title>It took {Duration(duration)}</title></line>\n");
            svg.Append($"<text class=\"truth-label\" x=\"100%\" y=\"{Height - 8}\" text-anchor=\"end\">– – took {Duration(duration)}</text>\n");
        }

        svg.Append("</svg>\n");
    }

    private static string? Hindsight(ProgressReport report)
    {
        var elapsed = report.Status.Elapsed.TotalSeconds;
        var half = report.Timeline.Where(p => p.Expected is not null).MinBy(p => Math.Abs(p.At.TotalSeconds - (elapsed / 2)));
        if (report.Status.Result != WorkflowResult.Success || half is null)
        {
            return half is null ? null : "Band: the interval meant to hold the truth four times in five. Dotted: the time that had passed.";
        }

        var off = (half.Expected!.Value.TotalSeconds / elapsed) - 1;
        var how = Math.Abs(off) < .005 ? "exactly as long as it took" : $"{Percent(Math.Abs(off))} {(off < 0 ? "less" : "more")} than it took";
        return $"Band: the interval meant to hold the truth four times in five. Dotted: the time that had passed. After {Duration(half.At)} the forecast was "
            + $"{Duration(half.Expected.Value)} ({Duration(half.Low!.Value)} to {Duration(half.High!.Value)}), {how}.";
    }

    private static void Open(StringBuilder svg, string id, string title, string description)
    {
        svg.Append($"<svg class=\"figure\" width=\"100%\" height=\"{Height + 20}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n");
        svg.Append($"<title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{description}</desc>\n");
    }

    // The plots alone stretch with the page, and their lines keep their width.
    private static void OpenPlot(StringBuilder svg) =>
        svg.Append($"<svg x=\"0\" y=\"0\" width=\"100%\" height=\"{Height}\" viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\">");

    private static void AddLevel(StringBuilder svg, double share, string label)
    {
        var y = Height * (1 - share);
        svg.Append($"<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{HtmlText.Number(y)}\" y2=\"{HtmlText.Number(y)}\"/>");
        svg.Append($"<text class=\"level\" x=\"0\" y=\"{HtmlText.Number(y + 13)}\">{label}</text>\n");
    }

    private static string Path(List<(double X, double Y)> points, TimeAxis axis, double top) =>
        "M" + string.Join('L', points.Select(p => $"{X(p.X, axis)},{Y(p.Y / top)}"));

    private static string X(double t, TimeAxis axis) => HtmlText.Number(axis.Seconds > 0 ? Math.Clamp(t / axis.Seconds, 0, 1) * 1000 : 0);

    private static string Y(double share) => HtmlText.Number((1 - Math.Clamp(share, 0, 1)) * 1000);
}
