using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

/// <summary>What scrapes leave in memory. Not run beside other tests, whose memory would be counted too.</summary>
[Collection(nameof(MemoryTests))]
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests
{
    private const int MegaByte = 1024 * 1024;
    private const string OpenMetrics = "application/openmetrics-text";
    private const string Protobuf = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    [Fact]
    public async Task Scrape_HundredThousandSeriesInEachFormat_KeepsFiveMegabytesAtMost()
    {
        const int Series = 100_000;
        await using var host = await ScrapeHost.StartAsync(metrics: b => b.AddView("*", new MetricStreamConfiguration { CardinalityLimit = Series + 10 }));
        var counter = host.Meter().CreateCounter<long>("bulk");
        for (var i = 0; i < Series; i++)
        {
            counter.Add(1, new("item", "item-" + i), new("kind", "counter"));
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var (accept, encoding) in new (string?, string)[] { (null, "identity"), (OpenMetrics, "identity"), (Protobuf, "identity"), (null, "gzip") })
        {
            var length = await DrainAsync(host, accept, encoding);
            var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
            Assert.InRange(length, Series, long.MaxValue);
            Assert.True(kept <= 5 * MegaByte, $"{kept:N0} bytes kept after a scrape of {length:N0} bytes, {accept}, {encoding}");
        }
    }

    [Fact]
    public async Task Scrape_TenThousandTimes_MemoryIsFlat()
    {
        await using var host = await ScrapeHost.StartAsync(metrics: b => b.AddView("exponential", new Base2ExponentialBucketHistogramConfiguration()));
        var meter = host.Meter();
        var counter = meter.CreateCounter<long>("c");
        var histogram = meter.CreateHistogram<double>("h");
        var exponential = meter.CreateHistogram<double>("exponential");

        async Task ScrapeAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {

                // An empty value has the series compared with each other.
                counter.Add(1, new KeyValuePair<string, object?>("k", i % 50 == 0 ? "" : i % 50));
                histogram.Record(i % 100);
                exponential.Record(i % 1000);
                await DrainAsync(host, (i % 3) switch { 0 => null, 1 => OpenMetrics, _ => Protobuf }, i % 2 == 0 ? "gzip" : "identity");
            }
        }

        await ScrapeAsync(1000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await ScrapeAsync(10_000);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(kept <= MegaByte / 2, $"{kept:N0} bytes kept");
    }

    [Fact]
    public async Task Scrape_MetersComeAndGo_NothingOfThemIsKept()
    {
        await using var host = await ScrapeHost.StartAsync();

        async Task RotateAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var meter = new Meter(host.Prefix + "rotated");
                meter.CreateGauge<int>("g").Record(i, new KeyValuePair<string, object?>("run", "run-" + i));
                Assert.Contains("run=\"run-" + i + '"', await host.ScrapeAsync());
            }

            await host.ScrapeAsync();
        }

        await RotateAsync(100);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await RotateAsync(1000);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(kept <= MegaByte / 2, $"{kept:N0} bytes kept");
    }

    private static async Task<long> DrainAsync(ScrapeHost host, string? accept, string encoding)
    {
        using var response = await host.SendAsync(accept, ("Accept-Encoding", encoding));
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[16 * 1024];
        long total = 0;
        for (int read; (read = await body.ReadAsync(buffer)) > 0;)
        {
            total += read;
        }

        return total;
    }
}
