namespace ProgressTelemetry.Exporter.Prometheus.Naming;

/// <summary>The exporter's translation strategy together with the escaping that a scraper asked for.</summary>
internal sealed record LabelNaming(PrometheusTranslationStrategy Strategy, EscapingScheme Scheme)
{
    public string Label(string attribute) => MetricName.Label(attribute, Strategy, Scheme);
}
