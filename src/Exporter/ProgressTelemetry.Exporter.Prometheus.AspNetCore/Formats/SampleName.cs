using System.Text;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>A sample's name in the text formats, encoded: a name outside the legacy character set stands quoted inside the braces.</summary>
internal sealed class SampleName(string name)
{
    private readonly bool _quoted = !NameEscaper.IsLegacy(name, colonAllowed: true);

    /// <summary>The name and what opens the labels.</summary>
    public byte[] WithLabels => field ??= Encoding.UTF8.GetBytes(_quoted ? '{' + Quote(name) + ',' : name + '{');

    /// <summary>The name of a series without labels, and the space after it.</summary>
    public byte[] Alone => field ??= Encoding.UTF8.GetBytes(_quoted ? '{' + Quote(name) + "} " : name + ' ');

    /// <summary>The name as it stands in a comment line, or a label's name before its equals sign.</summary>
    public static string QuoteIfNeeded(string name, bool colonAllowed) => NameEscaper.IsLegacy(name, colonAllowed) ? name : Quote(name);

    private static string Quote(string name) =>
        '"' + name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + '"';
}
