using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Exporter.Prometheus.Collection;

/// <summary>What stays the same about one SDK metric from collection to collection.</summary>
internal sealed class MetricStream
{
    public MetricStream(Metric metric)
    {
        Name = metric.Name;
        Unit = metric.Unit;
        Description = metric.Description ?? "";
        Type = metric.MetricType;
        MeterName = metric.MeterName;
        MeterVersion = metric.MeterVersion ?? "";
        MeterSchemaUrl = metric.MeterSchemaUrl ?? "";
        MeterTags = metric.MeterTags?.ToArray() ?? [];
        Bounds = Type == MetricType.Histogram ? ReadBounds(metric) : [];
    }

    public string Name { get; }

    public string? Unit { get; }

    public string Description { get; }

    public MetricType Type { get; }

    public bool IsHistogram => Type is MetricType.Histogram or MetricType.ExponentialHistogram;

    public string MeterName { get; }

    public string MeterVersion { get; }

    public string MeterSchemaUrl { get; }

    public KeyValuePair<string, object?>[] MeterTags { get; }

    /// <summary>The upper bounds of a histogram's buckets; the last is positive infinity. Empty for a histogram without buckets and for other kinds.</summary>
    public double[] Bounds { get; }

    /// <summary>How many points the last collection had.</summary>
    public int PointsSeen { get; set; }

    /// <summary>The attribute names that this metric's points have had.</summary>
    public AttributeKeys Keys { get; } = new();

    private static double[] ReadBounds(Metric metric)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var bounds = new List<double>();
            foreach (var bucket in point.GetHistogramBuckets())
            {
                bounds.Add(bucket.ExplicitBound);
            }

            return [.. bounds];
        }

        return [];
    }
}
