using System.Diagnostics;
using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Exporter.Prometheus.Tests.Fuzz;

/// <summary>A metric as the SDK exports it, copied plainly.</summary>
internal sealed record CollectedMetric(string Name, string? Unit, string Help, MetricType Type, List<KeyValuePair<string, string>> Scope, List<CollectedMetric.Point> Points)
{
    public static CollectedMetric From(Metric metric)
    {
        var scope = new List<KeyValuePair<string, string>> { new("otel_scope_name", metric.MeterName), new("otel_scope_version", metric.MeterVersion ?? ""), new("otel_scope_schema_url", metric.MeterSchemaUrl ?? "") };
        scope.RemoveAll(label => label.Value.Length == 0);
        var points = new List<Point>();
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            points.Add(Copy(metric.MetricType, in point));
        }

        var tags = (metric.MeterTags ?? []).Select(tag => KeyValuePair.Create("otel_scope_" + tag.Key, tag.Value)).ToList();
        tags.RemoveAll(tag => ReferenceText.LabelName(tag.Key) is "otel_scope_name" or "otel_scope_version" or "otel_scope_schema_url");
        return new(metric.Name, metric.Unit, metric.Description, metric.MetricType, ReferenceText.Merge(scope, tags), points);
    }

    private static Point Copy(MetricType type, in MetricPoint point)
    {
        var tags = new List<KeyValuePair<string, object?>>();
        foreach (var tag in point.Tags)
        {
            tags.Add(tag);
        }

        var exemplars = new List<Exemplar>();
        if (point.TryGetExemplars(out var found))
        {
            foreach (ref readonly var exemplar in found)
            {
                var filtered = new List<KeyValuePair<string, object?>>();
                foreach (var tag in exemplar.FilteredTags)
                {
                    filtered.Add(tag);
                }

                exemplars.Add(new(type == MetricType.LongSum ? exemplar.LongValue : exemplar.DoubleValue, exemplar.Timestamp, exemplar.TraceId, exemplar.SpanId, filtered));
            }
        }

        var (value, count) = type switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => (point.GetSumLong(), 0L),
            MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => (point.GetSumDouble(), 0L),
            MetricType.LongGauge => (point.GetGaugeLastValueLong(), 0L),
            MetricType.DoubleGauge => (point.GetGaugeLastValueDouble(), 0L),
            _ => (point.GetHistogramSum(), point.GetHistogramCount()),
        };
        var buckets = Buckets(type, in point, count);
        var mayBeNegative = (point.TryGetHistogramMinMaxValues(out var min, out _) && min < 0) || value < 0 || (buckets.Count > 0 && buckets[0].Upper < 0);
        return new(tags, count > 0 && mayBeNegative ? -1 : value, count, buckets, exemplars, type == MetricType.ExponentialHistogram ? point.GetExponentialHistogramData().Scale : 0);
    }

    /// <summary>Each bucket's upper bound and own count, the last bound being infinite.</summary>
    private static List<(double Upper, long Count)> Buckets(MetricType type, in MetricPoint point, long total)
    {
        var buckets = new List<(double Upper, long Count)>();
        if (type == MetricType.Histogram)
        {
            foreach (var bucket in point.GetHistogramBuckets())
            {
                buckets.Add((bucket.ExplicitBound, bucket.BucketCount));
            }
        }
        else if (type == MetricType.ExponentialHistogram)
        {
            var data = point.GetExponentialHistogramData();
            if (data.ZeroCount > 0)
            {
                buckets.Add((0, data.ZeroCount));
            }

            // Where scales are too fine for Prometheus, the bound that it has is the next one up.
            var index = data.PositiveBuckets.Offset;
            var step = Math.Pow(2, Math.Max(0, data.Scale - 8));
            var fine = new SortedDictionary<double, long>();
            foreach (var count in data.PositiveBuckets)
            {
                var upper = Math.Ceiling((index + 1) / step) * step;
                fine[upper] = fine.GetValueOrDefault(upper) + count;
                index++;
            }

            while (fine.Count > 0 && fine.First().Value == 0)
            {
                fine.Remove(fine.First().Key);
            }

            while (fine.Count > 0 && fine.Last().Value == 0)
            {
                fine.Remove(fine.Last().Key);
            }

            buckets.AddRange(fine.Select(bucket => (Math.Min(double.MaxValue, Math.Pow(2, bucket.Key / Math.Pow(2, data.Scale))), bucket.Value)));
        }

        if (total >= 0 && (type is MetricType.ExponentialHistogram || (type is MetricType.Histogram && buckets.Count == 0)))
        {
            buckets.Add((double.PositiveInfinity, total - buckets.Sum(bucket => bucket.Count)));
        }

        return buckets;
    }

    internal sealed record Point(List<KeyValuePair<string, object?>> Tags, double Value, long Count, List<(double Upper, long Count)> Buckets, List<Exemplar> Exemplars, int Scale);

    internal sealed record Exemplar(double Value, DateTimeOffset Time, ActivityTraceId Trace, ActivitySpanId Span, List<KeyValuePair<string, object?>> Tags);
}
