using OpenTelemetry;

namespace ProgressTelemetry.Exporter.Prometheus.Collection;

/// <summary>One metric point as it was at its collection. The tags are the SDK's own array, which it never changes.</summary>
internal struct PointRecord
{
    public ReadOnlyTagCollection Tags;

    /// <summary>A sum's or gauge's value: a long, or the bits of a double. For a histogram, where its numbers begin in <see cref="MetricSnapshot.Numbers"/>.</summary>
    public long Value;
}
