namespace ProgressTelemetry.Exporter.Prometheus;

/// <summary>
/// How instrument and attribute names become Prometheus names; the values are those of the OpenTelemetry specification's <c>translation_strategy</c>.
/// Under the two strategies that keep UTF-8, the scraper's <c>escaping=</c> parameter decides how a name that it could not read is escaped.
/// </summary>
public enum PrometheusTranslationStrategy
{
    /// <summary>Names are made of letters, digits and underscores, with unit and type suffixes (<c>http_server_request_duration_seconds</c>), whatever the scraper could read.</summary>
    UnderscoreEscapingWithSuffixes,

    /// <summary>As <see cref="UnderscoreEscapingWithSuffixes"/>, without unit and type suffixes.</summary>
    UnderscoreEscapingWithoutSuffixes,

    /// <summary>Names keep their characters and get unit and type suffixes (<c>http.server.request.duration_seconds</c>).</summary>
    NoUtf8EscapingWithSuffixes,

    /// <summary>Names stay as they are.</summary>
    NoTranslation,
}
