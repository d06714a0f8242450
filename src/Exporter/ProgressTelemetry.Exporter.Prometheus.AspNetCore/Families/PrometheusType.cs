namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>A metric family's type, numbered as in io.prometheus.client.MetricType.</summary>
internal enum PrometheusType
{
    Counter = 0,
    Gauge = 1,
    Histogram = 4,
}
