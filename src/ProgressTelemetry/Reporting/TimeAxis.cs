using System.Text;
using static ProgressTelemetry.Reporting.HtmlText;

namespace ProgressTelemetry.Reporting;

/// <summary>A horizontal axis from a run's start to <paramref name="seconds"/> after it. Its figures have no view box: lengths across are percentages, so that text keeps its size on every screen.</summary>
internal sealed class TimeAxis(double seconds)
{
    private const int MostTicks = 5;
    private static readonly double[] Steps = [.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

    public double Seconds => seconds;

    public string At(double t) => Percentage(seconds > 0 ? t / seconds : 0);

    public string At(TimeSpan t) => At(t.TotalSeconds);

    public string Length(double from, double to) => Percentage(seconds > 0 ? Math.Max(0, to - from) / seconds : 0);

    /// <summary>Adds lines and labels.</summary>
    public void AddTo(StringBuilder svg, int top, int bottom)
    {
        foreach (var t in Ticks())
        {
            var anchor = t == 0 ? "start" : t > .92 * seconds ? "end" : "middle";
            svg.Append($"<line class=\"grid\" x1=\"{At(t)}\" x2=\"{At(t)}\" y1=\"{top}\" y2=\"{bottom}\"/>");
            svg.Append($"<text class=\"tick\" x=\"{At(t)}\" y=\"{bottom + 15}\" text-anchor=\"{anchor}\">{Label(t)}</text>\n");
        }
    }

    /// <summary>Round moments, at most <see cref="MostTicks"/> beside the start.</summary>
    public IReadOnlyList<double> Ticks()
    {
        if (seconds <= 0)
        {
            return [0];
        }

        var step = Array.Find(Steps, s => seconds / s <= MostTicks);
        if (step == 0)
        {
            step = Math.Ceiling(seconds / MostTicks / 86400) * 86400;
        }

        return [.. Enumerable.Range(0, (int)(seconds / step) + 1).Select(i => i * step)];
    }

    /// <summary>A moment of the axis, as short as it can be said.</summary>
    public static string Label(double t) => t == 0 ? "0"
        : t < 60 ? $"{Number(t)} s"
        : t < 3600 ? t % 60 == 0 ? $"{Number(t / 60)} min" : $"{(int)(t / 60)}:{(int)(t % 60):00} min"
        : t < 2 * 86400 ? t % 3600 == 0 ? $"{Number(t / 3600)} h" : $"{(int)(t / 3600)}:{(int)(t % 3600 / 60):00} h"
        : $"{Number(t / 86400)} d";
}
