using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Benchmarks;

/// <summary>
/// The straightforward way to answer a scrape, as the yardstick: while the SDK collects, every line goes to a <see cref="StreamWriter"/> as an interpolated string.
/// It translates names once per metric and escapes with <see cref="string.Replace(string, string)"/>; it does nothing slowly on purpose.
/// </summary>
[ExportModes(ExportModes.Pull)]
public sealed class ScrapeBaseline : BaseExporter<Metric>, IPullMetricExporter
{
    private StreamWriter _text = StreamWriter.Null;

    /// <inheritdoc/>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Collects and writes a scrape to the body.</summary>
    public async Task WriteAsync(Stream body)
    {
        var text = new StreamWriter(body, bufferSize: 32 * 1024, leaveOpen: true);
        await using (text.ConfigureAwait(false))
        {
            _text = text;
            Collect!(Timeout.Infinite);
        }
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
        {
            var isCounter = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
            var name = metric.Name.Replace('.', '_') + (isCounter ? "_total" : "");
            var type = isCounter ? "counter" : metric.MetricType == MetricType.Histogram ? "histogram" : "gauge";
            _text.Write($"# TYPE {name} {type}\n");
            if (metric.Description.Length > 0)
            {
                _text.Write($"# HELP {name} {Escape(metric.Description)}\n");
            }

            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                var labels = new StringBuilder($"otel_scope_name=\"{Escape(metric.MeterName)}\"");
                foreach (var (key, value) in point.Tags)
                {
                    labels.Append(CultureInfo.InvariantCulture, $",{key.Replace('.', '_')}=\"{Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")}\"");
                }

                WritePoint(name, metric.MetricType, in point, labels.ToString());
            }
        }

        return ExportResult.Success;
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private void WritePoint(string name, MetricType type, in MetricPoint point, string labels)
    {
        if (type != MetricType.Histogram)
        {
            var value = type switch
            {
                MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
                MetricType.LongGauge => point.GetGaugeLastValueLong(),
                MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
                _ => point.GetSumDouble(),
            };
            _text.Write($"{name}{{{labels}}} {value}\n");
            return;
        }

        var cumulative = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            cumulative += bucket.BucketCount;
            var bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : bucket.ExplicitBound.ToString(CultureInfo.InvariantCulture);
            _text.Write($"{name}_bucket{{{labels},le=\"{bound}\"}} {cumulative}\n");
        }

        _text.Write($"{name}_sum{{{labels}}} {point.GetHistogramSum()}\n");
        _text.Write($"{name}_count{{{labels}}} {point.GetHistogramCount()}\n");
    }
}
