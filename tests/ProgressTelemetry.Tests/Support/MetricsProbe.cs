using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Tests.Support;

/// <summary>A real meter provider over one tracker's meters, collected on demand, as a scrape endpoint does.</summary>
internal sealed class MetricsProbe : IDisposable
{
    private readonly CollectingExporter _exporter = new();
    private readonly MeterProvider _provider;

    public MetricsProbe(string meterSuffix = "", Action<MeterProviderBuilder>? configure = null)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .AddMeter("ProgressTelemetry" + meterSuffix, "ProgressTelemetry.Runs" + meterSuffix)
            .AddReader(new BaseExportingMetricReader(_exporter));
        configure?.Invoke(builder);
        _provider = builder.Build();
    }

    /// <summary>A suffix that keeps a test's meters apart from those of tests that run at the same time.</summary>
    public static string NewSuffix() => "." + Guid.NewGuid().ToString("N");

    /// <summary>Collects once.</summary>
    public Scrape Collect()
    {
        _exporter.Series = [];
        _exporter.Collect!(-1);
        return new Scrape(_exporter.Series);
    }

    public void Dispose() => _provider.Dispose();

    [ExportModes(ExportModes.Pull)]
    private sealed class CollectingExporter : BaseExporter<Metric>, IPullMetricExporter
    {
        public Func<int, bool>? Collect { get; set; }

        public List<Series> Series { get; set; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
                    foreach (var tag in point.Tags)
                    {
                        labels[tag.Key] = tag.Value?.ToString() ?? "";
                    }

                    var value = metric.MetricType switch
                    {
                        MetricType.LongGauge => point.GetGaugeLastValueLong(),
                        MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
                        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
                        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
                        MetricType.Histogram => point.GetHistogramCount(),
                        _ => throw new NotSupportedException(metric.MetricType.ToString()),
                    };
                    Series.Add(new Series(metric.Name, labels, value));
                }
            }

            return ExportResult.Success;
        }
    }
}

/// <summary>One series at one collection; a histogram's value is its count.</summary>
internal sealed record Series(string Name, SortedDictionary<string, string> Labels, double Value)
{
    public string this[string label] => Labels.GetValueOrDefault(label, "");
}

/// <summary>All series of one collection.</summary>
internal sealed class Scrape(IReadOnlyList<Series> series)
{
    public IReadOnlyList<Series> All => series;

    public bool HasOverflow => series.Any(s => s.Labels.ContainsKey("otel.metric.overflow"));

    public IEnumerable<Series> Of(string name) => series.Where(s => s.Name == name);

    public double Sum(string name, params (string Label, string Value)[] labels) =>
        Of(name).Where(s => labels.All(l => s[l.Label] == l.Value)).Sum(s => s.Value);

    public HashSet<string> RunIds(string name = "workflow.run.state") => [.. Of(name).Select(s => s["workflow.run.id"])];
}
