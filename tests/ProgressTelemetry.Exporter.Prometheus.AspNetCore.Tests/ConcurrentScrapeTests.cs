using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

public sealed class ConcurrentScrapeTests
{
    private const int Scrapers = 20;
    private const int Recorders = 8;

    // More than the socket's buffers hold, so that a client that doesn't read stalls its response.
    private const int Series = 45_000;
    private const string OpenMetrics = "application/openmetrics-text";

    [Fact]
    public async Task Scrape_OneClientStalledAndOneGone_OthersAreCompleteMonotonicAndWhole()
    {
        var clock = new FakeTimeProvider();
        await using var host = await ScrapeHost.StartAsync(
            options =>
            {
                options.ScopeLabels = false;
                options.TimeProvider = clock; // which stands still: here nothing is cut off
            },
            kestrel: true);
        var meter = host.Meter();
        AddBulk(host);
        var counter = meter.CreateCounter<long>("jobs");
        var histogram = meter.CreateHistogram<long>("sizes", null, null, null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8] });
        using var stop = new CancellationTokenSource();
        var recorders = Enumerable.Range(0, Recorders).Select(seed => Task.Factory.StartNew(() => Record(counter, histogram, seed, stop.Token), TaskCreationOptions.LongRunning)).ToArray();

        using var stalled = await ConnectAsync(host, readBytes: 1);
        (await ConnectAsync(host, readBytes: 100_000)).Dispose();
        await Task.WhenAll(Enumerable.Range(0, Scrapers - 2).Select(i => ScrapeRepeatedlyAsync(host, i % 2 == 0 ? null : OpenMetrics)));
        (await ConnectAsync(host, readBytes: 100_000)).Dispose();
        var last = await host.ScrapeAsync();

        await stop.CancelAsync();
        await Task.WhenAll(recorders);
        Assert.Equal(Series, last.Split('\n').Count(line => line.StartsWith("bulk_", StringComparison.Ordinal)));

        // The stalled response is from its own moment, complete and whole, however much later it is read.
        var late = await new StreamReader(new NetworkStream(stalled)).ReadToEndAsync();
        Assert.EndsWith("\r\n0\r\n\r\n", late, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_ClientThatStopsReading_IsCutOffAtTheLimit()
    {
        var clock = new FakeTimeProvider();
        await using var host = await ScrapeHost.StartAsync(
            options =>
            {
                options.TimeProvider = clock;
                options.ScrapeTimeout = TimeSpan.FromSeconds(20);
            },
            kestrel: true);
        AddBulk(host);

        using var stalled = await ConnectAsync(host, readBytes: 1);
        clock.Advance(TimeSpan.FromSeconds(21));
        await host.UntilLoggedAsync("A scrape was cut off: the client had not read the response within 00:00:20.");

        // What was under way may still come, but not the end of the response.
        using var reader = new StreamReader(new NetworkStream(stalled));
        var rest = new StringBuilder();
        try
        {
            rest.Append(await reader.ReadToEndAsync());
        }
        catch (IOException)
        {
            // The connection was reset.
        }

        Assert.False(rest.ToString().EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Collect_WhileAnotherSnapshotIsHeld_LeavesItAsItWas()
    {
        await using var host = await ScrapeHost.StartAsync();
        var counter = host.Meter().CreateCounter<long>("c");
        var exporter = host.Services.GetRequiredService<PrometheusScrapeExporter>();
        counter.Add(1);
        var held = (await exporter.CollectAsync(CancellationToken.None))!;
        counter.Add(1);
        for (var i = 0; i < 3; i++)
        {
            var next = (await exporter.CollectAsync(CancellationToken.None))!;
            Assert.Equal(2, next.Points[next.Metrics[0].FirstPoint].Value);
            next.Release();
        }

        Assert.Equal(1, held.Points[held.Metrics[0].FirstPoint].Value);
        held.Release();
    }

    [Fact]
    public async Task Collect_Abandoned_GivesItsSnapshotBack()
    {
        await using var host = await ScrapeHost.StartAsync();
        using var collecting = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        host.Meter().CreateObservableGauge("slow", () =>
        {
            collecting.Release();
            goOn.Wait();
            return 1;
        });
        var exporter = host.Services.GetRequiredService<PrometheusScrapeExporter>();
        using var impatience = new CancellationTokenSource();
        var abandoned = exporter.CollectAsync(impatience.Token);
        await collecting.WaitAsync();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        goOn.Set();

        // Given back, the snapshot is used again.
        var first = (await exporter.CollectAsync(CancellationToken.None))!;
        first.Release();
        var second = (await exporter.CollectAsync(CancellationToken.None))!;
        Assert.Same(first, second);
        second.Release();
    }

    /// <summary>Adds the series over many meters of one name, because the SDK allows an instrument 2,000 label sets.</summary>
    private static void AddBulk(ScrapeHost host)
    {
        const int PerMeter = 1500;
        for (var meter = 0; meter < Series / PerMeter; meter++)
        {
            var counter = host.Meter("bulk").CreateCounter<long>("bulk_" + meter);
            for (var i = 0; i < PerMeter; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("item", $"a-rather-long-name-of-an-item-{i}"));
            }
        }
    }

    private static void Record(Counter<long> counter, Histogram<long> histogram, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        while (!stop.IsCancellationRequested)
        {
            counter.Add(1);
            histogram.Record(random.Next(10));
            Thread.Yield();
        }
    }

    private static async Task ScrapeRepeatedlyAsync(ScrapeHost host, string? accept)
    {
        var (jobs, sizes) = (0L, 0L);
        for (var i = 0; i < 2; i++)
        {
            var text = await host.ScrapeAsync(accept);
            if (accept is not null)
            {
                Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
            }

            var lines = text.Split('\n');
            var (nextJobs, nextSizes) = (Value(lines, "jobs_total "), Value(lines, "sizes_count "));
            Assert.InRange(nextJobs, jobs, long.MaxValue);
            Assert.InRange(nextSizes, sizes, long.MaxValue);
            (jobs, sizes) = (nextJobs, nextSizes);

            // A torn histogram would count more in its buckets than in its count, or fewer.
            Assert.Equal(nextSizes, Value(lines, "sizes_bucket{le=\"+Inf\"} "));
            var buckets = lines.Where(line => line.StartsWith("sizes_bucket", StringComparison.Ordinal)).Select(line => long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(buckets.Order(), buckets);
        }
    }

    private static long Value(string[] lines, string start) =>
        long.Parse(lines.Single(line => line.StartsWith(start, StringComparison.Ordinal))[start.Length..], CultureInfo.InvariantCulture);

    /// <summary>Asks for a scrape, reads so much of the answer, and stops reading.</summary>
    private static async Task<Socket> ConnectAsync(ScrapeHost host, int readBytes)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(host.Address.Host, host.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        var buffer = new byte[4096];
        for (var read = 0; read < readBytes;)
        {
            var received = await socket.ReceiveAsync(buffer);
            Assert.NotEqual(0, received);
            read += received;
        }

        return socket;
    }
}
