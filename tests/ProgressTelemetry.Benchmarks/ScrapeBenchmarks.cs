using BenchmarkDotNet.Attributes;

namespace ProgressTelemetry.Benchmarks;

/// <summary>A whole scrape, collection included, beside the straightforward writer over the same SDK metrics.</summary>
#pragma warning disable CA1001 // BenchmarkDotNet disposes through the cleanup.
[Config(typeof(InProcessConfig))]
[IterationCount(20)]
public class ScrapeBenchmarks
#pragma warning restore CA1001
{
    private ScrapeTarget _ours = null!;
    private ScrapeTarget _colliding = null!;
    private ScrapeTarget _baseline = null!;

    /// <summary>What is scraped.</summary>
    [Params(ScrapeKind.Counters, ScrapeKind.Gauges, ScrapeKind.Histograms)]
    public ScrapeKind Kind { get; set; }

    /// <summary>How many series; a histogram of 15 buckets counts as ten.</summary>
    [Params(1_000, 10_000, 100_000)]
    public int Series { get; set; }

    /// <summary>Makes the series.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var points = Kind == ScrapeKind.Histograms ? Series / 10 : Series;
        _ours = new ScrapeTarget(Kind, points, baseline: false);
        _colliding = new ScrapeTarget(Kind, points, baseline: false, mayCollide: true);
        _baseline = new ScrapeTarget(Kind, points, baseline: true);
    }

    /// <summary>Disposes the providers.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _ours.Dispose();
        _colliding.Dispose();
        _baseline.Dispose();
    }

    /// <summary>The yardstick.</summary>
    [Benchmark(Baseline = true)]
    public Task Straightforward() => _baseline.ScrapeAsync("text");

    /// <summary>The collection alone.</summary>
    [Benchmark]
    public Task CollectOnly() => _ours.CollectAsync();

    /// <summary>Text 0.0.4.</summary>
    [Benchmark]
    public Task Text() => _ours.ScrapeAsync("text");

    /// <summary>Text 0.0.4 of series that have to be compared with each other, because one attribute is empty.</summary>
    [Benchmark]
    public Task TextMayCollide() => _colliding.ScrapeAsync("text");

    /// <summary>OpenMetrics 1.0.0.</summary>
    [Benchmark]
    public Task OpenMetrics() => _ours.ScrapeAsync("openmetrics");

    /// <summary>Protobuf.</summary>
    [Benchmark]
    public Task Protobuf() => _ours.ScrapeAsync("protobuf");

    /// <summary>Text 0.0.4, compressed.</summary>
    [Benchmark]
    public Task TextGzip() => _ours.ScrapeAsync("gzip");
}
