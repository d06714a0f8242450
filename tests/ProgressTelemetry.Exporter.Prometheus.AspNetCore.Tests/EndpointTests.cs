using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry.Metrics;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

public sealed class EndpointTests
{
    [Fact]
    public async Task Map_WithoutExporter_Throws()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRoutingCore();
        await using var app = builder.Build();
        app.UseRouting();
        var error = Assert.Throws<InvalidOperationException>(() => app.MapPrometheusScrapeEndpoint());
        Assert.Contains("AddPrometheusScrapeExporter()", error.Message);
    }

    [Fact]
    public void Add_NullBuilder_Throws() =>
        Assert.Throws<ArgumentNullException>(() => ((MeterProviderBuilder)null!).AddPrometheusScrapeExporter());

    [Fact]
    public async Task Map_ConventionsAndPath_Apply()
    {
        await using var host = await ScrapeHost.StartAsync(app: app =>
            app.MapPrometheusScrapeEndpoint("/internal/scrape").AddEndpointFilter(async (context, next) =>
                context.HttpContext.Request.Headers.ContainsKey("Let-Me-In") ? await next(context) : Results.StatusCode(StatusCodes.Status403Forbidden)));
        Assert.Equal(HttpStatusCode.Forbidden, (await host.Client.GetAsync("/internal/scrape")).StatusCode);
        host.Client.DefaultRequestHeaders.Add("Let-Me-In", "please");
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/internal/scrape")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/metrics")).StatusCode);
    }

    [Fact]
    public async Task Add_Twice_MergesSettingsAndExportsOnce()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false, metrics => metrics.AddPrometheusScrapeExporter(options => options.CreatedTimestamps = true));
        host.Meter().CreateCounter<long>("c").Add(1);
        var text = await host.ScrapeAsync("application/openmetrics-text");
        Assert.Contains("c_created ", text);
        Assert.Contains("c_total 1\n", text);
    }

    [Fact]
    public async Task Scrape_SdkDisabled_HasNoMetricsAndIsOk()
    {
        await using var host = await ScrapeHost.StartAsync(services: services => services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection([new("OTEL_SDK_DISABLED", "true")]).Build()));
        host.Meter().CreateCounter<long>("c").Add(1);
        using var response = await host.SendAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Equal("# EOF\n", await host.ScrapeAsync("application/openmetrics-text"));
    }

    [Fact]
    public async Task Scrape_SdkCouldNotCollect_Is503()
    {
        await using var host = await ScrapeHost.StartAsync();
        host.Services.GetRequiredService<Collection.PrometheusScrapeExporter>().Collect = _ => false;
        using var response = await host.SendAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("Not scraped: the SDK could not collect.\n", await response.Content.ReadAsStringAsync());
        using var again = await host.SendAsync();
        Assert.Equal("A scrape was refused with status 503: the SDK could not collect.", Assert.Single(host.Messages));
    }

    [Fact]
    public async Task Scrape_CollectionFails_Is503()
    {
        await using var host = await ScrapeHost.StartAsync();
        host.Services.GetRequiredService<Collection.PrometheusScrapeExporter>().Collect = _ => throw new NotSupportedException("broken");
        using var response = await host.SendAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("Not scraped: the collected metrics could not be read.\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Scrape_ScraperGoesAwayBeforeTheCollectionEnds_IsLoggedOnce()
    {
        using var collecting = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        await using var host = await ScrapeHost.StartAsync();
        host.Meter().CreateObservableGauge("slow", () =>
        {
            collecting.Release();
            goOn.Wait();
            return 1;
        });

        using var patience = new CancellationTokenSource();
        var scrape = host.Client.GetAsync(new Uri("/metrics", UriKind.Relative), patience.Token);
        await collecting.WaitAsync();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scrape);
        await host.UntilLoggedAsync("A scraper went away before the metrics were collected: an observable instrument may be slow.");
        goOn.Set();
        Assert.Contains("slow", await host.ScrapeAsync());
        Assert.Single(host.Messages);
    }

    [Fact]
    public async Task Collect_InsideAnActivity_InstrumentsDoNotSeeIt()
    {
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false, metrics => metrics.SetExemplarFilter(ExemplarFilterType.TraceBased));
        var seen = new List<Activity?>();
        host.Meter().CreateObservableCounter("c", () =>
        {
            seen.Add(Activity.Current);
            return 1L;
        });
        var exporter = host.Services.GetRequiredService<Collection.PrometheusScrapeExporter>();
        using var request = new Activity("GET /metrics").SetIdFormat(ActivityIdFormat.W3C);
        request.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        request.Start();
        var snapshot = (await exporter.CollectAsync(CancellationToken.None))!;

        Assert.Null(Assert.Single(seen));
        Assert.Equal(0, snapshot.Exemplars(snapshot.Metrics[0].FirstPoint).Length);
        snapshot.Release();
    }

    [Fact]
    public async Task Scrape_ProviderDisposed_HasNoMetricsAndIsOk()
    {
        await using var host = await ScrapeHost.StartAsync();
        host.Meter().CreateCounter<long>("c").Add(1);
        host.Services.GetRequiredService<MeterProvider>().Dispose();
        Assert.Equal("", await host.ScrapeAsync());
        Assert.Equal("# EOF\n", await host.ScrapeAsync("application/openmetrics-text"));
        using var head = await host.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/metrics") { Headers = { { "Accept", "application/openmetrics-text" } } });
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Scrape_TwoHostsInOneProcess_EachShowsItsOwn()
    {
        await using var one = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        await using var other = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        one.Meter().CreateCounter<long>("one").Add(1);
        other.Meter().CreateCounter<long>("other").Add(2);
        Assert.Equal("# TYPE one_total counter\none_total 1\n", await one.ScrapeAsync());
        Assert.Equal("# TYPE other_total counter\nother_total 2\n", await other.ScrapeAsync());
        await one.DisposeAsync();
        Assert.Equal("# TYPE other_total counter\nother_total 2\n", await other.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_Head_HasHeadersOnly()
    {
        await using var host = await ScrapeHost.StartAsync();
        host.Meter().CreateCounter<long>("c").Add(1);
        using var request = new HttpRequestMessage(HttpMethod.Head, "/metrics");
        using var response = await host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.GetValues("Content-Type").Single());
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(true, "gzip", true)]
    [InlineData(true, "identity", false)]
    [InlineData(false, "gzip", false)]
    public async Task Scrape_Gzip_IsUsedWhenBothSidesWant(bool enabled, string acceptEncoding, bool compressed)
    {
        await using var host = await ScrapeHost.StartAsync(options =>
        {
            options.ScopeLabels = false;
            options.Compression = enabled;
        });
        host.Meter().CreateCounter<long>("c").Add(1);
        using var response = await host.SendAsync(null, ("Accept-Encoding", acceptEncoding));
        Assert.Equal(compressed ? ["gzip"] : [], response.Content.Headers.ContentEncoding);
        var body = await response.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(compressed ? new GZipStream(body, CompressionMode.Decompress) : body);
        Assert.Equal("# TYPE c_total counter\nc_total 1\n", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Scrape_CollectionTakesTooLong_Is503BeforeTheScrapersDeadline()
    {
        var clock = new FakeTimeProvider();
        using var collecting = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        await using var host = await ScrapeHost.StartAsync(options => options.TimeProvider = clock);
        host.Meter().CreateObservableGauge("slow", () =>
        {
            collecting.Release();
            goOn.Wait();
            return 1;
        });

        var scrape = host.SendAsync(null, ("X-Prometheus-Scrape-Timeout-Seconds", "5"));
        await collecting.WaitAsync();
        clock.Advance(TimeSpan.FromSeconds(4.4));
        Assert.False(scrape.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        using var response = await scrape;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("Not scraped: no collection within the scraper's limit.\n", await response.Content.ReadAsStringAsync());
        goOn.Set();
        Assert.Contains("slow{otel_scope_name=\"test\"} 1\n", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_MoreAtOnceThanAllowed_Is503()
    {
        using var collecting = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        await using var host = await ScrapeHost.StartAsync(options => options.MaxConcurrentScrapes = 1);
        host.Meter().CreateObservableGauge("slow", () =>
        {
            collecting.Release();
            goOn.Wait();
            return 1;
        });

        var scrape = host.SendAsync();
        await collecting.WaitAsync();
        using var refused = await host.SendAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        goOn.Set();
        using var response = await scrape;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await response.Content.ReadAsStringAsync();
    }

    [Fact]
    public async Task Scrape_ThoseThatWait_ShareOneCollection()
    {
        var collections = 0;
        using var collecting = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        await using var host = await ScrapeHost.StartAsync(options => options.ScopeLabels = false);
        host.Meter().CreateObservableCounter("collections", () =>
        {
            collecting.Release();
            goOn.Wait();
            return (long)++collections;
        });

        var first = host.ScrapeAsync();
        await collecting.WaitAsync();
        var exporter = host.Services.GetRequiredService<Collection.PrometheusScrapeExporter>();
        var waiting = Enumerable.Range(0, 5).Select(_ => exporter.CollectAsync(CancellationToken.None)).ToArray();
        goOn.Set();

        Assert.Contains("collections_total 1\n", await first);
        var snapshots = await Task.WhenAll(waiting);
        Assert.All(snapshots, snapshot => Assert.Same(snapshots[0], snapshot));
        Assert.Equal(2, collections);
        Array.ForEach(snapshots, snapshot => snapshot!.Release());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Options_OutOfRange_Throw(int value)
    {
        var options = new PrometheusScrapeOptions();
        Assert.Throws<ArgumentOutOfRangeException>(() => options.MaxConcurrentScrapes = value);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.ScrapeTimeout = TimeSpan.FromSeconds(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.ScrapeTimeout = TimeSpan.MaxValue);
    }
}
