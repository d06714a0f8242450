using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Benchmarks;

/// <summary>
/// The straightforward way to answer a scrape, as the yardstick: while the SDK collects, every line goes to a <see cref="StreamWriter"/> as an interpolated string.
/// What is the same for all points of a metric (its names, its scope's label, its buckets' bounds) it makes once for the metric, an attribute's name once for all. It escapes with
/// <see cref="string.Replace(string, string)"/> and does nothing slowly on purpose.
/// </summary>
[ExportModes(ExportModes.Pull)]
public sealed class ScrapeBaseline : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Dictionary<string, string> _labelNames = [];
    private readonly StringBuilder _labels = new();
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

            var names = new Names(name, name + "_bucket", name + "_sum", name + "_count", $"otel_scope_name=\"{Escape(metric.MeterName)}\"", Bounds(metric));
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                _labels.Clear().Append(names.Scope);
                foreach (var (key, value) in point.Tags)
                {
                    _labels.Append(',').Append(LabelName(key)).Append("=\"").Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
                }

                WritePoint(names, metric.MetricType, in point, _labels.ToString());
            }
        }

        return ExportResult.Success;
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static List<string> Bounds(Metric metric)
    {
        var bounds = new List<string>();
        if (metric.MetricType == MetricType.Histogram)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                foreach (var bucket in point.GetHistogramBuckets())
                {
                    bounds.Add(double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : bucket.ExplicitBound.ToString(CultureInfo.InvariantCulture));
                }

                break;
            }
        }

        return bounds;
    }

    private string LabelName(string key)
    {
        if (!_labelNames.TryGetValue(key, out var name))
        {
            _labelNames.Add(key, name = key.Replace('.', '_'));
        }

        return name;
    }

    private void WritePoint(Names names, MetricType type, in MetricPoint point, string labels)
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
            _text.Write($"{names.Sample}{{{labels}}} {value}\n");
            return;
        }

        var cumulative = 0L;
        var i = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            cumulative += bucket.BucketCount;
            _text.Write($"{names.Bucket}{{{labels},le=\"{names.Bounds[i++]}\"}} {cumulative}\n");
        }

        _text.Write($"{names.Sum}{{{labels}}} {point.GetHistogramSum()}\n");
        _text.Write($"{names.Count}{{{labels}}} {point.GetHistogramCount()}\n");
    }

    private sealed record Names(string Sample, string Bucket, string Sum, string Count, string Scope, List<string> Bounds);
}
