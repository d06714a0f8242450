using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ProgressTelemetry.Exporter.Prometheus;
using ProgressTelemetry.Exporter.Prometheus.Collection;

namespace OpenTelemetry.Metrics;

/// <summary>Registers the Prometheus scrape exporter.</summary>
public static class PrometheusScrapeMeterProviderBuilderExtensions
{
    /// <summary>
    /// Adds an exporter that collects when Prometheus scrapes. Map its endpoint with <c>app.MapPrometheusScrapeEndpoint()</c>.
    /// A second call adds its settings to the first one's.
    /// </summary>
    /// <param name="builder">The provider's builder.</param>
    /// <param name="configure">Settings; null leaves the defaults.</param>
    /// <returns>The builder, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static MeterProviderBuilder AddPrometheusScrapeExporter(this MeterProviderBuilder builder, Action<PrometheusScrapeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var first = false;
        builder.ConfigureServices(services =>
        {
            if (configure is not null)
            {
                services.Configure(configure);
            }

            services.AddOptions();
            first = services.All(service => service.ServiceType != typeof(PrometheusScrapeExporter));
            services.TryAddSingleton(provider => new ScrapeLog((provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<ScrapeLog>()));
            services.TryAddSingleton(provider => new PrometheusScrapeExporter(
                provider.GetRequiredService<IOptions<PrometheusScrapeOptions>>().Value,
                provider.GetRequiredService<ScrapeLog>()));
        });
        return first ? builder.AddReader(CreateReader) : builder;
    }

    private static BaseExportingMetricReader CreateReader(IServiceProvider services) =>
        new(services.GetRequiredService<PrometheusScrapeExporter>()) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative };
}
