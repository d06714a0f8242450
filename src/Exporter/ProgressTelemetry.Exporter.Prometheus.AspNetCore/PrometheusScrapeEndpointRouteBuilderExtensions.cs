using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using ProgressTelemetry.Exporter.Prometheus;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Endpoint;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint that Prometheus scrapes.</summary>
public static class PrometheusScrapeEndpointRouteBuilderExtensions
{
    /// <summary>Maps an endpoint that exposes the application's metrics to Prometheus, in the format that the scraper asks for.</summary>
    /// <param name="endpoints">The application's endpoints.</param>
    /// <param name="path">The route's pattern.</param>
    /// <returns>The endpoint's convention builder, for <c>RequireAuthorization()</c> and the like.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The application's container has no meter provider with a scrape exporter.</exception>
    public static IEndpointConventionBuilder MapPrometheusScrapeEndpoint(this IEndpointRouteBuilder endpoints, string path = "/metrics")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);

        // Resolving the provider builds it, which gives the exporter its way to collect; it belongs to the container.
        var provider = endpoints.ServiceProvider.GetService<MeterProvider>();
        if (provider is null || endpoints.ServiceProvider.GetService<PrometheusScrapeExporter>() is not { } exporter)
        {
            throw new InvalidOperationException(
                "There is no Prometheus scrape exporter to map. Call AddPrometheusScrapeExporter() on the application's MeterProviderBuilder first.");
        }

        var endpoint = new ScrapeEndpoint(exporter, endpoints.ServiceProvider.GetRequiredService<ScrapeLog>());
        return endpoints.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], endpoint.HandleAsync).WithDisplayName("Prometheus scrape");
    }
}
