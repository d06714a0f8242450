using ProgressTelemetry.Exporter.Prometheus.Collection;

namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>How the metrics of a snapshot are laid out as families. Good for every snapshot with the same metrics in the same order.</summary>
internal sealed class ExpositionPlan(MetricStream[] streams, IReadOnlyList<MetricFamily> families)
{
    public IReadOnlyList<MetricFamily> Families { get; } = families;

    public bool IsFor(MetricSnapshot snapshot)
    {
        if (snapshot.Metrics.Count != streams.Length)
        {
            return false;
        }

        for (var i = 0; i < streams.Length; i++)
        {
            if (!ReferenceEquals(snapshot.Metrics[i].Stream, streams[i]))
            {
                return false;
            }
        }

        return true;
    }
}
