using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Tests.Support;

/// <summary>All series of one collection.</summary>
internal sealed class Scrape(IEnumerable<Metric> exported)
{
    public IReadOnlyList<Series> All { get; } = [.. exported.SelectMany(Read)];

    public bool HasOverflow => All.Any(s => s.Labels.ContainsKey("otel.metric.overflow"));

    public IEnumerable<Series> Of(string name) => All.Where(s => s.Name == name);

    public double Sum(string name, params (string Label, string Value)[] labels) =>
        Of(name).Where(s => labels.All(l => s[l.Label] == l.Value)).Sum(s => s.Value);

    public HashSet<string> RunIds(string name = "workflow.run.state") => [.. Of(name).Select(s => s["workflow.run.id"])];

    private static List<Series> Read(Metric metric)
    {
        var series = new List<Series>();
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
            series.Add(new Series(metric.Name, labels, value, [.. metric.MeterTags ?? []]));
        }

        return series;
    }
}

/// <summary>One series at one collection; a histogram's value is its count.</summary>
internal sealed record Series(string Name, SortedDictionary<string, string> Labels, double Value, IReadOnlyList<KeyValuePair<string, object?>> MeterTags)
{
    public string this[string label] => Labels.GetValueOrDefault(label, "");
}
