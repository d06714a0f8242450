using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Endpoint;
using ProgressTelemetry.Exporter.Prometheus.Formats;
using ProgressTelemetry.Exporter.Prometheus.Naming;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests.Fuzz;

/// <summary>Random meter providers, each given by its seed: their scrapes equal the slow reference's, and Prometheus reads them.</summary>
public sealed class FuzzTests
{
    private const int Seeds = 300;
    private const int ReadByPrometheus = 25;

    [Fact]
    public async Task Scrape_RandomMetrics_EqualsTheReferenceInEveryFormat()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var scrape = await ScrapeAsync(seed);
            AssertEqual(seed, ReferenceText.Write(scrape.Metrics, openMetrics: false), scrape.Text);
            var timeless = scrape.OpenMetrics.Split('\n').Where(line => !line.Split('{', ' ')[0].EndsWith("_created", StringComparison.Ordinal));
            AssertEqual(seed, ReferenceText.Write(scrape.Metrics, openMetrics: true), string.Join('\n', timeless));

            // A native histogram has no scale below -4; a sum that is not there is NaN.
            var series = ReferenceText.Write(scrape.Metrics, openMetrics: false, protobuf: true).Split('\n').Where(line => !line.StartsWith("# HELP", StringComparison.Ordinal));
            AssertEqual(seed, string.Join('\n', series), ProtobufAsText.Write(scrape.Protobuf));
        }
    }

    [RealPartFact("promtool")]
    public async Task Scrape_RandomMetrics_AreReadByPromtool()
    {
        for (var seed = 0; seed < ReadByPrometheus; seed++)
        {
            await Promtool.AcceptsAsync((await ScrapeAsync(seed)).Text, lint: false);
        }
    }

    [RealPartFact("prometheus")]
    public async Task Scrape_RandomMetrics_AreReadByPrometheus()
    {
        var bodies = new ConcurrentDictionary<string, (string ContentType, byte[] Body)>();
        await using var host = await ScrapeHost.StartAsync(kestrel: true, app: app => app.Map("/{name}", async (HttpContext context) =>
        {
            var (contentType, body) = bodies[context.Request.Path.Value!];
            context.Response.ContentType = contentType;
            await context.Response.Body.WriteAsync(body);
        }));
        for (var seed = 0; seed < ReadByPrometheus; seed++)
        {
            var scrape = await ScrapeAsync(seed);
            bodies[$"/text{seed}"] = ("text/plain; version=0.0.4; charset=utf-8", Encoding.UTF8.GetBytes(scrape.Text));
            bodies[$"/openmetrics{seed}"] = ("application/openmetrics-text; version=1.0.0; charset=utf-8", Encoding.UTF8.GetBytes(scrape.OpenMetrics));
            bodies[$"/protobuf{seed}"] = ("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited", scrape.Protobuf);
        }

        await using var prometheus = await PrometheusServer.StartAsync(bodies.Keys.Select(path => new Uri(host.Address, path)), "native-histograms", "exemplar-storage");
        var errors = await prometheus.TargetErrorsAsync();
        Assert.Equal(bodies.Count, errors.Count);
        Assert.All(errors, target => Assert.True(target.Value.Length == 0, $"{target.Key}: {target.Value}\n{Encoding.UTF8.GetString(bodies[target.Key].Body)}"));
    }

    private static async Task<Scrape> ScrapeAsync(int seed)
    {
        using var random = new RandomMetrics(seed);
        var log = new ScrapeLog(NullLogger<ScrapeLog>.Instance);
        var exporter = new PrometheusScrapeExporter(new PrometheusScrapeOptions { CreatedTimestamps = seed % 3 == 0 }, log);
        var tee = new TeeExporter(exporter);
        using var provider = random.Configure(Sdk.CreateMeterProviderBuilder()).AddReader(new BaseExportingMetricReader(tee)).Build();
        random.Record();
        exporter.Collect = tee.Collect;
        var snapshot = (await exporter.CollectAsync(CancellationToken.None))!;
        var factory = new ExpositionFactory(exporter, log);
        byte[] Write(ScrapeFormatKind kind)
        {
            var exposition = factory.Create(ScrapeFormat.Default with { Kind = kind }, snapshot);
            using var body = new MemoryStream();
            using var buffer = new ScrapeBuffer();
            bool more;
            do
            {
                more = exposition.Fill(buffer);
                body.Write(buffer.Written.Span);
                buffer.Clear();
            }
            while (more);
            return body.ToArray();
        }

        var scrape = new Scrape(tee.Metrics, Encoding.UTF8.GetString(Write(ScrapeFormatKind.Text)), Encoding.UTF8.GetString(Write(ScrapeFormatKind.OpenMetrics)), Write(ScrapeFormatKind.Protobuf));
        snapshot.Release();
        return scrape;
    }

    private static void AssertEqual(int seed, string expected, string actual)
    {
        // What is not valid UTF-16 is written as U+FFFD.
        expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(expected));
        if (expected != actual)
        {
            var (expectedLines, actualLines) = (expected.Split('\n'), actual.Split('\n'));
            var i = 0;
            while (i < expectedLines.Length && i < actualLines.Length && expectedLines[i] == actualLines[i])
            {
                i++;
            }

            Assert.Fail($"Seed {seed}, line {i}:\nexpected {expectedLines.ElementAtOrDefault(i)}\nactual   {actualLines.ElementAtOrDefault(i)}\n{actual}");
        }
    }

    private sealed record Scrape(List<CollectedMetric> Metrics, string Text, string OpenMetrics, byte[] Protobuf);

    /// <summary>Copies what the SDK collects before the exporter sees it.</summary>
    [ExportModes(ExportModes.Pull)]
    private sealed class TeeExporter(PrometheusScrapeExporter exporter) : BaseExporter<Metric>, IPullMetricExporter
    {
        public List<CollectedMetric> Metrics { get; } = [];

        public Func<int, bool>? Collect { get; set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            Metrics.Clear();
            foreach (var metric in batch)
            {
                Metrics.Add(CollectedMetric.From(metric));
            }

            return exporter.Export(in batch);
        }
    }
}
