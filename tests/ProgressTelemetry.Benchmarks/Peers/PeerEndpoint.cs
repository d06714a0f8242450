using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Prometheus;

namespace ProgressTelemetry.Benchmarks.Peers;

/// <summary>A scrape endpoint as an app maps it. It is asked without a network: requests go straight into the app's pipeline, so that all peers pay for the same and for nothing else.</summary>
internal sealed class PeerEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RequestDelegate _pipeline;

    private PeerEndpoint(Action<IServiceCollection> addServices, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        addServices(builder.Services);
        _app = builder.Build();
        _app.UseRouting();
        map(_app);
        _app.UseEndpoints(_ => { });
        _pipeline = ((IApplicationBuilder)_app).Build();

        // The app is never started, so its telemetry is.
        _app.Services.GetService<MeterProvider>();
    }

    /// <summary>The exporter of this repository.</summary>
    public static PeerEndpoint Ours(Func<MeterProviderBuilder, MeterProviderBuilder> configure, bool created = false) => new(
        services => services.AddOpenTelemetry().WithMetrics(metrics => configure(metrics).AddPrometheusScrapeExporter(o => o.CreatedTimestamps = created)),
        app => app.MapPrometheusScrapeEndpoint());

    /// <summary>OpenTelemetry.Exporter.Prometheus.AspNetCore, without the cache that would answer a second scrape with the first one's body.</summary>
    public static PeerEndpoint Official(Func<MeterProviderBuilder, MeterProviderBuilder> configure) => new(
        services => services.AddOpenTelemetry().WithMetrics(metrics => configure(metrics).AddPrometheusExporter(o => o.ScrapeResponseCacheDurationMilliseconds = 0)),
        app => app.MapPrometheusScrapingEndpoint());

    /// <summary>prometheus-net.AspNetCore.</summary>
    public static PeerEndpoint PrometheusNet(CollectorRegistry registry) => new(_ => { }, app => app.MapMetrics(registry: registry));

    /// <summary>Scrapes, and returns the answer's content type; throws when it is no success.</summary>
    public async Task<string> ScrapeAsync(ScrapeFormat format, Stream body)
    {
        var context = new DefaultHttpContext { RequestServices = _app.Services };
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = "/metrics";
        context.Request.Headers.Accept = format.Accept;
        context.Response.Body = body;
        await _pipeline(context).ConfigureAwait(false);
        return context.Response.StatusCode == StatusCodes.Status200OK
            ? context.Response.ContentType ?? ""
            : throw new InvalidOperationException($"The scrape was answered with status {context.Response.StatusCode}.");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
