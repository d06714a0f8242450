using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

public sealed class RealPrometheusTests
{
    private const int Samples = 10_000;

    // Log-normal around 0.3 s, as latencies are.
    private static readonly double[] Durations = [.. Enumerable.Range(1, Samples).Select(i => 0.3 * Math.Exp(0.8 * InverseNormal((i - 0.5) / Samples)))];

    [RealPartFact("prometheus")]
    public async Task Scrape_NativeHistogram_QuantilesAreWithinOneBucket()
    {
        await using var host = await StartExponentialAsync(kestrel: true);
        await using var prometheus = await PrometheusServer.StartAsync([new Uri(host.Address, "/metrics")], "native-histograms");

        Assert.Equal(Samples, await prometheus.QueryAsync("histogram_count(job_duration_seconds)"));
        Assert.Equal(Durations.Sum(), await prometheus.QueryAsync("histogram_sum(job_duration_seconds)"), 1e-6 * Durations.Sum());
        foreach (var quantile in (double[])[0.01, 0.1, 0.5, 0.9, 0.99, 0.999])
        {
            var answer = await prometheus.QueryAsync(string.Create(CultureInfo.InvariantCulture, $"histogram_quantile({quantile}, job_duration_seconds)"));
            AssertWithinOneBucket(Truth(quantile), answer, scale: 3);
        }

        Assert.Equal(2, await prometheus.QueryAsync("jobs_total{queue=\"a\"}"));
        Assert.Equal(1, await prometheus.QueryAsync("target_info{service_name=\"shop\"}"));
        Assert.Equal(1, await prometheus.QueryAsync("histogram_count(idle_seconds)"));
        Assert.Equal(3, await prometheus.QueryAsync("classic_bucket{le=\"2.0\"}"));
        Assert.Equal(4, await prometheus.QueryAsync("classic_bucket{le=\"+Inf\"}"));
    }

    [RealPartFact("promtool")]
    public async Task Scrape_NativeHistogramAsText_HasTheSameDataInClassicBuckets()
    {
        await using var host = await StartExponentialAsync(kestrel: false);
        var text = await host.ScrapeAsync();
        await Promtool.AcceptsAsync(text, lint: true);

        var buckets = new List<(double Bound, long Count)>();
        foreach (var line in text.Split('\n').Where(line => line.StartsWith("job_duration_seconds_bucket", StringComparison.Ordinal)))
        {
            buckets.Add((double.Parse(line.Split("le=\"")[1].Split('"')[0].Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture), long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)));
        }

        Assert.Equal(double.PositiveInfinity, buckets[^1].Bound);
        Assert.Equal(Samples, buckets[^1].Count);
        foreach (var (bound, count) in buckets)
        {
            Assert.Equal(Durations.Count(duration => duration <= bound), count);
        }
    }

    [RealPartFact("prometheus")]
    public async Task Scrape_OpenMetrics_IsReadWithExemplars()
    {
        using var source = new ActivitySource("scrape-test");
        using var listener = new ActivityListener { ShouldListenTo = s => s == source, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        await using var host = await ScrapeHost.StartAsync(
            kestrel: true,
            metrics: b => b.SetExemplarFilter(ExemplarFilterType.TraceBased).AddView("odd", new MetricStreamConfiguration { TagKeys = ["kept"] }));
        var histogram = host.Meter().CreateHistogram<double>("wait", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });
        var counter = host.Meter().CreateCounter<long>("jobs");
        string trace;
        using (var activity = source.StartActivity("job")!)
        {
            trace = activity.TraceId.ToHexString();
            histogram.Record(1.5);
            counter.Add(1);

            // It reads the first of these values, and would refuse the scrape for the second.
            host.Meter().CreateCounter<long>("odd").Add(1, new("kept", "nul\0nul"), new("filtered", "nul\0nul"));
        }

        await using var prometheus = await PrometheusServer.StartAsync([new Uri(host.Address, "/metrics")], "exemplar-storage");
        Assert.Equal(1, await prometheus.QueryAsync("wait_seconds_bucket{le=\"2.0\"}"));
        var exemplars = await prometheus.QueryExemplarsAsync("wait_seconds_bucket");
        var exemplar = exemplars[0].GetProperty("exemplars")[0];
        Assert.Equal(trace, exemplar.GetProperty("labels").GetProperty("trace_id").GetString());
        Assert.Equal("1.5", exemplar.GetProperty("value").GetString());
        Assert.Equal(1, (await prometheus.QueryExemplarsAsync("jobs_total")).GetArrayLength());
        Assert.Equal("nul\ufffdnul", (await prometheus.QueryExemplarsAsync("odd_total"))[0].GetProperty("exemplars")[0].GetProperty("labels").GetProperty("filtered").GetString());
    }

    private static async Task<ScrapeHost> StartExponentialAsync(bool kestrel)
    {
        var host = await ScrapeHost.StartAsync(
            options => options.ScopeLabels = false,
            metrics => metrics.AddView(instrument => instrument.Name == "classic" ? null : instrument is Histogram<double> ? new Base2ExponentialBucketHistogramConfiguration() : null),
            kestrel: kestrel,
            resource: r => r.AddAttributes([new("service.name", "shop")]));
        var meter = host.Meter();
        var histogram = meter.CreateHistogram<double>("job.duration", "s", "How long a job took.");
        foreach (var duration in Durations)
        {
            histogram.Record(duration);
        }

        meter.CreateHistogram<double>("idle", "s", "Only a zero.").Record(0);
        meter.CreateCounter<long>("jobs", "{job}", "Jobs.").Add(2, new KeyValuePair<string, object?>("queue", "a"));
        var classic = meter.CreateHistogram<double>("classic", null, "Explicit buckets.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });
        Array.ForEach([0.5, 1.5, 2, 3], classic.Record);
        return host;
    }

    private static double Truth(double quantile) => Durations[(int)Math.Ceiling(quantile * Samples) - 1];

    /// <summary>A bucket's bounds are a factor of 2^(2^-scale) apart; 10,000 log-normal values come out at scale 3 or finer in 160 buckets.</summary>
    private static void AssertWithinOneBucket(double truth, double answer, int scale)
    {
        var factor = Math.Pow(2, Math.Pow(2, -scale));
        Assert.InRange(answer, truth / factor, truth * factor);
    }

    /// <summary>The normal distribution's quantile function, by bisection of its integral (Abramowitz and Stegun 26.2.17).</summary>
    private static double InverseNormal(double p)
    {
        var (low, high) = (-6.0, 6.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Normal(middle) < p ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static double Normal(double x)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(x)));
        var tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return x > 0 ? 1 - tail : tail;
    }
}
