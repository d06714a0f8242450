using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

/// <summary>A web application with a meter provider and the scrape endpoint. Meters are named apart from those of other tests in the process.</summary>
internal sealed class ScrapeHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<Meter> _meters = [];

    private ScrapeHost(WebApplication app, string prefix)
    {
        _app = app;
        Prefix = prefix;
        Client = app.Services.GetRequiredService<IServer>() is TestServer server
            ? server.CreateClient()
            : new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
    }

    public string Prefix { get; }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public IServiceProvider Services => _app.Services;

    /// <summary>What has been logged.</summary>
    public IReadOnlyList<string> Messages => [.. Services.GetFakeLogCollector().GetSnapshot().Select(record => record.Message)];

    public static async Task<ScrapeHost> StartAsync(
        Action<PrometheusScrapeOptions>? options = null,
        Action<MeterProviderBuilder>? metrics = null,
        Action<WebApplication>? app = null,
        bool kestrel = false,
        Action<ResourceBuilder>? resource = null,
        Action<IServiceCollection>? services = null)
    {
        var prefix = "t" + Guid.NewGuid().ToString("N") + ".";
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        if (kestrel)
        {
            // The exporter's own limits are under test, not the server's.
            builder.WebHost.UseKestrelCore().ConfigureKestrel(server => server.Limits.MinResponseDataRate = null).UseUrls("http://127.0.0.1:0");
        }
        else
        {
            builder.WebHost.UseTestServer();
        }

        builder.Logging.AddFakeLogging().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRoutingCore();
        services?.Invoke(builder.Services);
        new ServicesOnlyBuilder(builder.Services).WithMetrics(meters =>
        {
            meters.AddMeter(prefix + "*").ConfigureResource(r => Configure(r.Clear(), resource));
            metrics?.Invoke(meters);
            meters.AddPrometheusScrapeExporter(options);
        });
        var application = builder.Build();
        application.UseRouting();
        if (app is null)
        {
            application.MapPrometheusScrapeEndpoint();
        }
        else
        {
            app(application);
        }

        await application.StartAsync();
        return new ScrapeHost(application, prefix);
    }

    /// <summary>A meter whose name, without the prefix that sets it apart, is <paramref name="name"/>.</summary>
    public Meter Meter(string name = "test", string? version = null, IEnumerable<KeyValuePair<string, object?>>? tags = null, string? schemaUrl = null)
    {
        var meter = new Meter(new MeterOptions(Prefix + name) { Version = version, Tags = tags, TelemetrySchemaUrl = schemaUrl });
        _meters.Add(meter);
        return meter;
    }

    /// <summary>Scrapes and takes the prefix out of the meters' names.</summary>
    public async Task<string> ScrapeAsync(string? accept = null)
    {
        using var response = await SendAsync(accept);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsStringAsync()).Replace(Prefix, "", StringComparison.Ordinal);
    }

    public async Task<HttpResponseMessage> SendAsync(string? accept = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Waits for a message.</summary>
    public async Task UntilLoggedAsync(string message)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Services.GetFakeLogCollector().GetLogsAsync(limit.Token).AnyAsync(record => record.Message == message, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _meters.ForEach(meter => meter.Dispose());
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static void Configure(ResourceBuilder builder, Action<ResourceBuilder>? resource) => resource?.Invoke(builder);

    private sealed class ServicesOnlyBuilder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services { get; } = services;
    }
}
