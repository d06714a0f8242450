namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>A label as it will be written, before the format's own escaping of the value.</summary>
internal readonly record struct Label(string Name, string Value);
