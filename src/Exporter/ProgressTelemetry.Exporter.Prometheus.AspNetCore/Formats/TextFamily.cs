using System.Text;
using ProgressTelemetry.Exporter.Prometheus.Families;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>What the text formats prepare for a family: its comment lines and its samples' names.</summary>
internal sealed class TextFamily(MetricFamily family, byte[] header)
{
    public byte[] Header { get; } = header;

    /// <summary>Whether OpenMetrics takes it for a counter: one that may not be called <c>_total</c> is none, and has neither exemplars nor a creation time.</summary>
    public bool IsOpenMetricsCounter { get; } = IsCounter(family);

    public SampleName Sample { get; } = new(family.Name.Sample);

    public SampleName Bucket { get; } = new(family.Name.Family + "_bucket");

    public SampleName Count { get; } = new(family.Name.Family + "_count");

    public SampleName Sum { get; } = new(family.Name.Family + "_sum");

    public SampleName Created { get; } = new(family.Name.Family + "_created");

    public static bool IsCounter(MetricFamily family) => family.Type == PrometheusType.Counter && family.Name.Family != family.Name.Sample;

    public static byte[] EncodeLabels(IEnumerable<Label> labels)
    {
        using var buffer = new ScrapeBuffer();
        foreach (var (name, value) in labels)
        {
            if (buffer.Length > 0)
            {
                buffer.WriteByte((byte)',');
            }

            buffer.WriteText(SampleName.QuoteIfNeeded(name, colonAllowed: false));
            buffer.Write("=\""u8);
            buffer.WriteEscaped(value);
            buffer.WriteByte((byte)'"');
        }

        return buffer.Written.ToArray();
    }

    /// <summary>The comma before a further label, its name, and the opening quote of its value.</summary>
    public static byte[] EncodeLabelName(string name) => Encoding.UTF8.GetBytes(',' + SampleName.QuoteIfNeeded(name, colonAllowed: false) + "=\"");
}
