using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Families;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>One way to write metrics down: a format with a negotiated escaping of names.</summary>
internal abstract class ExpositionFormat(NamingRules naming)
{
    public NamingRules Naming { get; } = naming;

    /// <summary>Prepares what is the same in every scrape. Called once for a family, before anything else.</summary>
    public abstract void Prepare(MetricFamily family);

    public abstract void WriteTargetInfo(ScrapeBuffer buffer, List<Label> labels);

    public abstract void BeginFamily(ScrapeBuffer buffer, MetricFamily family, MetricSnapshot snapshot, HashSet<int>? leftOut);

    public abstract void WritePoint(ScrapeBuffer buffer, MetricFamily family, FamilyMember member, MetricSnapshot snapshot, int point);

    /// <summary>Writes what stands after the last family.</summary>
    public virtual void End(ScrapeBuffer buffer)
    {
    }
}
