using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Demo;

/// <summary>
/// The flavour on the official packages: <c>AddOpenTelemetry()</c> comes from OpenTelemetry.Extensions.Hosting, the scrape endpoint from OpenTelemetry.Exporter.Prometheus.AspNetCore.
/// Built with <c>-p:OfficialOpenTelemetry=true</c>.
/// </summary>
internal static class Flavour
{
    public static MeterProviderBuilder AddScrapeExporter(this MeterProviderBuilder metrics) => metrics.AddPrometheusExporter();

    public static IEndpointConventionBuilder MapScrapeEndpoint(this IEndpointRouteBuilder endpoints) => endpoints.MapPrometheusScrapingEndpoint();
}
