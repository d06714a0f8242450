using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>Chooses and writes an exemplar in OpenMetrics: <c> # {trace_id="..."} 1.5 1700000000.000</c>.</summary>
internal static class OpenMetricsExemplar
{
    public static void Write(ScrapeBuffer buffer, ReadOnlySpan<ExemplarRecord> exemplars, double above, double upTo, NamingRules naming)
    {
        var index = ExemplarChoice.Of(exemplars, above, upTo);
        if (index < 0)
        {
            return;
        }

        ref readonly var exemplar = ref exemplars[index];
        buffer.Write(" # {"u8);
        buffer.Write(TextFamily.EncodeLabels(ExemplarChoice.Labels(in exemplar, naming)));
        buffer.Write("} "u8);
        buffer.WriteDouble(exemplar.Value);
        buffer.WriteByte((byte)' ');
        UnixSeconds.Write(buffer, exemplar.Timestamp);
    }
}
