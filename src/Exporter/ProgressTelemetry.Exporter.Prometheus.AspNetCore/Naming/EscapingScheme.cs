namespace ProgressTelemetry.Exporter.Prometheus.Naming;

/// <summary>How names outside the legacy character set are written, as negotiated with <c>escaping=</c>. See https://prometheus.io/docs/instrumenting/escaping_schemes/.</summary>
internal enum EscapingScheme
{
    Underscores,
    AllowUtf8,
    Dots,
    Values,
}
