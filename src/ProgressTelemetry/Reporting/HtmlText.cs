using System.Globalization;
using System.Net;

namespace ProgressTelemetry.Reporting;

/// <summary>Text and numbers as HTML and SVG take them.</summary>
internal static class HtmlText
{
    private const int Colours = 8;

    public static string Escape(string text) => WebUtility.HtmlEncode(ReportText.Clean(text));

    /// <summary>A name of unknown direction, set apart from the text around it.</summary>
    public static string Name(string name) => $"<bdi>{Escape(name)}</bdi>";

    public static string Number(double value) => (double.IsFinite(value) ? value : 0).ToString("0.##", CultureInfo.InvariantCulture);

    public static string Percentage(double share) => Number(Math.Clamp(double.IsFinite(share) ? share : 0, 0, 1) * 100) + "%";

    /// <summary>The class that gives a stage its colour, the same in every figure.</summary>
    public static string Colour(int index) => $"c{(index - 1) % Colours}";
}
