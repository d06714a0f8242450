using System.Globalization;
using System.Text;

namespace ProgressTelemetry.Reporting;

/// <summary>Numbers, durations and names as people read them. The same text in all forms; each form escapes it.</summary>
internal static class ReportText
{
    public static string Duration(TimeSpan time) => Duration(time.TotalSeconds);

    public static string Duration(double seconds)
    {
        // Rounded first, so that 59.96 s is a minute.
        if (Math.Round(seconds, 1) < 60)
        {
            return seconds is > 0 and < .0095 ? "< 0.01 s" : string.Create(CultureInfo.InvariantCulture, $"{seconds.ToString(seconds < 1 ? "0.##" : "0.#", CultureInfo.InvariantCulture)} s");
        }

        var whole = (long)Math.Round(seconds);
        if (whole < 3600)
        {
            return $"{whole / 60} min {whole % 60:00} s";
        }

        var minutes = (long)Math.Round(seconds / 60);
        return minutes < 48 * 60 ? $"{minutes / 60} h {minutes % 60:00} min" : $"{minutes / 1440} d {minutes / 60 % 24} h";
    }

    public static string Percent(double share) => share is > 0 and < .005 ? "< 1 %" : $"{Math.Round(share * 100, MidpointRounding.AwayFromZero):0} %";

    public static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Factor(double factor) => factor.ToString(factor < 10 ? "0.0#" : "0", CultureInfo.InvariantCulture);

    public static string Count(long count, string noun) => $"{Number(count)} {noun}{(count == 1 ? "" : noun.EndsWith('s') ? "es" : "s")}";

    public static string Times(long count) => count switch { 1 => "once", 2 => "twice", _ => $"{Number(count)} times" };

    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A name inside a sentence. The forms escape the sentence as a whole.</summary>
    public static string Quote(string name) => $"‘{name}’";

    public static string StateName(WorkflowState state) => state switch
    {
        WorkflowState.Pending => "pending",
        WorkflowState.Running => "running",
        WorkflowState.Waiting => "waiting",
        WorkflowState.Stalled => "stalled",
        WorkflowState.Succeeded => "succeeded",
        WorkflowState.Failed => "failed",
        WorkflowState.Cancelled => "cancelled",
        _ => "abandoned",
    };

    /// <summary>Text without what can't be shown, or would reorder what stands beside it: control characters, lone surrogates, and the marks that force a direction.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t')
            {
                clean.Append(' ');
            }
            else if (rune.Value is not (>= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069))
            {
                clean.Append(Rune.IsControl(rune) ? Rune.ReplacementChar.ToString() : rune.ToString());
            }
        }

        return clean.ToString();
    }

    /// <summary>The beginning of a text that is longer than <paramref name="most"/> characters as people count them.</summary>
    public static string Shorten(string text, int most)
    {
        var characters = StringInfo.ParseCombiningCharacters(text);
        return characters.Length <= most ? text : string.Concat(text.AsSpan(0, characters[most - 1]), "…");
    }
}
