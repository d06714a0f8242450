namespace ProgressTelemetry.Exporter.Prometheus.Naming;

/// <summary>The exporter's translation strategy together with the escaping that a scraper asked for.</summary>
internal sealed record NamingRules(PrometheusTranslationStrategy Strategy, EscapingScheme Scheme)
{
    public bool KeepsUtf8 => Strategy is PrometheusTranslationStrategy.NoUtf8EscapingWithSuffixes or PrometheusTranslationStrategy.NoTranslation;

    public bool AddsSuffixes => Strategy is PrometheusTranslationStrategy.NoUtf8EscapingWithSuffixes or PrometheusTranslationStrategy.UnderscoreEscapingWithSuffixes;

    /// <summary>Translates an attribute's name to a label's.</summary>
    public string Label(string attribute) => Escape(KeepsUtf8 ? attribute : NameSanitizer.Underscored(attribute), colonAllowed: false);

    /// <summary>Escapes a metric's name that has been translated.</summary>
    public string Metric(string name) => Escape(name, colonAllowed: true);

    private string Escape(string name, bool colonAllowed) =>
        !KeepsUtf8 && Scheme == EscapingScheme.Underscores ? name : NameEscaper.Escape(name, Scheme, colonAllowed);
}
