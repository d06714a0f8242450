using System.Text;
using static ProgressTelemetry.Reporting.HtmlText;
using static ProgressTelemetry.Reporting.ReportText;

namespace ProgressTelemetry.Reporting;

/// <summary>Where the wall-clock time went: one bar, shared out, as inline SVG, and its key.</summary>
internal static class SharesFigure
{
    private const int MostParts = 8;
    private const int Height = 28;

    public static void AddTo(StringBuilder html, ProgressReport report)
    {
        var parts = Parts(report);
        html.Append($"<svg class=\"figure shares\" width=\"100%\" height=\"{Height}\" role=\"img\" aria-labelledby=\"shares-title shares-desc\">\n");
        html.Append("<title id=\"shares-title\">Shares of the wall time</title>\n<desc id=\"shares-desc\">One bar shared out among the stages; the list below has the numbers.</desc>\n");
        var from = 0.0;
        foreach (var (name, colour, share, _) in parts)
        {
            html.Append($"<rect class=\"{colour}\" x=\"{Percentage(from)}\" width=\"{Percentage(share)}\" y=\"0\" height=\"{Height}\"><title>{Escape(name)}: {Percent(share)}</title></rect>\n");
            from += share;
        }

        html.Append("</svg>\n<ul class=\"key\">\n");
        foreach (var (name, colour, share, time) in parts)
        {
            html.Append($"<li><svg width=\"12\" height=\"12\" aria-hidden=\"true\"><rect class=\"{colour}\" width=\"12\" height=\"12\" rx=\"3\"/></svg><span class=\"key-name\">{Name(name)}</span><span class=\"key-value\">{Percent(share)}</span><span class=\"key-time\">{Duration(time)}</span></li>\n");
        }

        html.Append("</ul>\n<p class=\"note\">Each instant of the run is shared equally among the tasks, or stages, that were running, so the parts add up to the whole.</p>\n");
    }

    private static List<(string Name, string Colour, double Share, TimeSpan Time)> Parts(ProgressReport report)
    {
        var stages = report.Status.Stages.Zip(report.Stages).Where(s => s.Second.WallShare > 0).OrderByDescending(s => s.Second.WallShare).ToList();
        var most = stages.Count > MostParts ? MostParts - 1 : MostParts;
        var parts = stages.Take(most).Select(s => (s.First.Name, Colour(s.First.Index), s.Second.WallShare, s.First.WallTime)).ToList();
        var others = stages.Skip(most).ToList();
        if (others.Count > 0)
        {
            parts.Add(($"{ReportText.Number(others.Count)} other stages", "rest", others.Sum(s => s.Second.WallShare), TimeSpan.FromTicks(others.Sum(s => s.First.WallTime.Ticks))));
        }

        var (waiting, elapsed) = (report.Performance.WaitingTime, report.Status.Elapsed);
        if (waiting > TimeSpan.Zero && elapsed > TimeSpan.Zero)
        {
            parts.Add(("nothing but waits", "wait", waiting / elapsed, waiting));
        }

        return parts;
    }
}
