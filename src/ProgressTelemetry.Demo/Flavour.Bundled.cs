using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ProgressTelemetry.Demo;

/// <summary>
/// The default flavour, on this repository's scrape exporter and without OpenTelemetry.Extensions.Hosting: a hosted service starts the providers, and the container, which made
/// them, flushes and disposes them. An app that has the official packages needs none of this file (see Flavour.Official.cs).
/// </summary>
internal static class Flavour
{
    public static IOpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        // Sets the default propagator and the W3C id format, as any use of the SDK does.
        _ = Sdk.SuppressInstrumentation;

        services.AddOptions();
        if (services.All(service => service.ImplementationType != typeof(TelemetryService)))
        {
            // First in the list, so that the providers listen before any other service works.
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, TelemetryService>());
        }

        return new Builder(services);
    }

    public static MeterProviderBuilder AddScrapeExporter(this MeterProviderBuilder metrics) => metrics.AddPrometheusScrapeExporter();

    public static IEndpointConventionBuilder MapScrapeEndpoint(this IEndpointRouteBuilder endpoints) => endpoints.MapPrometheusScrapeEndpoint();

    private sealed class Builder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services => services;
    }

    /// <summary>Asking for the providers starts them; there are none of a kind that nobody configured.</summary>
    private sealed class TelemetryService(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetService<MeterProvider>();
            services.GetService<TracerProvider>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
