using System.Text;

namespace ProgressTelemetry.Exporter.Prometheus.Naming;

/// <summary>Makes names of the legacy character set, as the OpenTelemetry specification asks: an invalid character becomes an underscore, several underscores one.</summary>
internal static class NameSanitizer
{
    /// <summary>The text as a label name, <c>[a-zA-Z_][a-zA-Z0-9_]*</c>, with single underscores; <c>_</c> for an empty text.</summary>
    public static string Underscored(string text) => Sanitize(text, colonAllowed: false);

    /// <summary>The text as a metric name, <c>[a-zA-Z_:][a-zA-Z0-9_:]*</c>, with single underscores; <c>_</c> for an empty text.</summary>
    public static string MetricName(string text) => Sanitize(text, colonAllowed: true);

    private static string Sanitize(string text, bool colonAllowed)
    {
        var result = new StringBuilder(text.Length + 1);
        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
        {
            result.Append('_');
        }

        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || (colonAllowed && c == ':'))
            {
                result.Append(c);
            }
            else if (result.Length == 0 || result[^1] != '_')
            {
                result.Append('_');
            }
        }

        return result.ToString();
    }
}
