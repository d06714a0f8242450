using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.EndToEndTests.Tools;

/// <summary>An app on the official packages that is scraped and pushes, each by a reader of its own, under a driven clock. What it pushes comes back to it.</summary>
internal sealed partial class TwoReadersApp : IAsyncDisposable
{
    private readonly ConcurrentQueue<byte[]> _pushed = new();
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private TwoReadersApp(int port, MetricReaderTemporalityPreference temporality, Action<ProgressTrackingOptions> configure)
    {
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(_client.BaseAddress.ToString());
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddOpenTelemetry().AddProgressTracking(configure).WithMetrics(metrics => metrics
            .AddPrometheusExporter(o => o.ScrapeResponseCacheDurationMilliseconds = 0)
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Endpoint = new Uri(_client.BaseAddress, "v1/metrics");
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                reader.TemporalityPreference = temporality;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = Timeout.Infinite;
            }));
        _app = builder.Build();
        _app.MapPrometheusScrapingEndpoint();
        _app.MapPost("/v1/metrics", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _pushed.Enqueue(body.ToArray());
        });
    }

    public ManualTimeProvider Clock { get; } = new();

    public ProgressTracker Tracker => _app.Services.GetRequiredService<ProgressTracker>();

    public static async Task<TwoReadersApp> StartAsync(int port, MetricReaderTemporalityPreference temporality, Action<ProgressTrackingOptions> configure)
    {
        var app = new TwoReadersApp(port, temporality, configure);
        await app._app.StartAsync();
        return app;
    }

    /// <summary>What a scrape holds, under the instruments' names; histograms left out.</summary>
    public async Task<IReadOnlyList<Sample>> ScrapeAsync()
    {
        var text = await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return [.. from line in text.Split('\n')
                   where line.Length > 0 && line[0] != '#' && !line.Contains("_bucket{", StringComparison.Ordinal)
                   let match = Line().Match(line)
                   select new Sample(
                       new Dictionary<string, string>(
                           Label().Matches(match.Groups["labels"].Value).Select(m => KeyValuePair.Create(m.Groups["name"].Value, m.Groups["value"].Value)).Append(new("__name__", match.Groups["name"].Value))),
                       double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture))];
    }

    /// <summary>What is pushed now.</summary>
    public async Task<IReadOnlyList<Sample>> PushAsync()
    {
        _pushed.Clear();

        // Its answer is no use: a reader that is only scraped can't be flushed, and says so.
        await Task.Run(() => _app.Services.GetRequiredService<MeterProvider>().ForceFlush(30_000));
        return _pushed.TryDequeue(out var export) ? [.. PushedPoints.Read(export)] : throw new InvalidOperationException("nothing was pushed");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    [GeneratedRegex("^(?<name>[a-z_]+)(\\{(?<labels>.*)\\})? (?<value>[^ ]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();

    [GeneratedRegex("(?<name>[a-z_]+)=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Label();
}
