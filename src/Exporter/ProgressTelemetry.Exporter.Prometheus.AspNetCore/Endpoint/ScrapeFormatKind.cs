namespace ProgressTelemetry.Exporter.Prometheus.Endpoint;

/// <summary>The formats that the endpoint speaks.</summary>
internal enum ScrapeFormatKind
{
    Text,
    OpenMetrics,
    Protobuf,
}
