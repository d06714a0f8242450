using System.Diagnostics;
using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Exporter.Prometheus.Collection;

/// <summary>A copy of an exemplar: the SDK writes the next collection's exemplars over its own.</summary>
internal readonly struct ExemplarRecord
{
    public ExemplarRecord(in Exemplar exemplar, bool isLong)
    {
        Value = isLong ? exemplar.LongValue : exemplar.DoubleValue;
        Timestamp = exemplar.Timestamp;
        TraceId = exemplar.TraceId;
        SpanId = exemplar.SpanId;
        List<KeyValuePair<string, object?>>? tags = null;
        foreach (var tag in exemplar.FilteredTags)
        {
            (tags ??= []).Add(tag);
        }

        FilteredTags = tags is null ? [] : [.. tags];
    }

    public double Value { get; }

    public DateTimeOffset Timestamp { get; }

    public ActivityTraceId TraceId { get; }

    public ActivitySpanId SpanId { get; }

    public KeyValuePair<string, object?>[] FilteredTags { get; }
}
