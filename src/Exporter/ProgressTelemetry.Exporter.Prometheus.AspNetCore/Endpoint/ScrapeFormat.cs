using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Endpoint;

/// <summary>The format of a response, as negotiated.</summary>
internal readonly record struct ScrapeFormat(ScrapeFormatKind Kind, string Version, EscapingScheme Escaping, bool NamesEscaping)
{
    /// <summary>What a client gets that asks for nothing or for nothing that there is.</summary>
    public static ScrapeFormat Default { get; } = new(ScrapeFormatKind.Text, "0.0.4", EscapingScheme.Underscores, NamesEscaping: false);

    public string ContentType
    {
        get
        {
            var escaping = NamesEscaping ? "; escaping=" + EscapingName(Escaping) : "";
            return Kind switch
            {
                ScrapeFormatKind.Protobuf => "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited" + escaping,
                ScrapeFormatKind.OpenMetrics => $"application/openmetrics-text; version={Version}; charset=utf-8{escaping}",
                _ => $"text/plain; version={Version}; charset=utf-8{escaping}",
            };
        }
    }

    private static string EscapingName(EscapingScheme scheme) => scheme switch
    {
        EscapingScheme.AllowUtf8 => "allow-utf-8",
        EscapingScheme.Dots => "dots",
        EscapingScheme.Values => "values",
        _ => "underscores",
    };
}
