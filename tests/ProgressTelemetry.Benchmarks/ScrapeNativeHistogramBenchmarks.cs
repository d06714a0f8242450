using BenchmarkDotNet.Attributes;

namespace ProgressTelemetry.Benchmarks;

/// <summary>Scrapes of exponential histograms, natively in protobuf and as classic buckets in text.</summary>
#pragma warning disable CA1001 // BenchmarkDotNet disposes through the cleanup.
[Config(typeof(InProcessConfig))]
[IterationCount(20)]
public class ScrapeNativeHistogramBenchmarks
#pragma warning restore CA1001
{
    private ScrapeTarget _target = null!;

    /// <summary>How many histograms.</summary>
    [Params(1_000, 10_000)]
    public int Series { get; set; }

    /// <summary>Makes the histograms.</summary>
    [GlobalSetup]
    public void Setup() => _target = new ScrapeTarget(ScrapeKind.NativeHistograms, Series, baseline: false);

    /// <summary>Disposes the provider.</summary>
    [GlobalCleanup]
    public void Cleanup() => _target.Dispose();

    /// <summary>Native histograms.</summary>
    [Benchmark(Baseline = true)]
    public Task Protobuf() => _target.ScrapeAsync("protobuf");

    /// <summary>Classic buckets.</summary>
    [Benchmark]
    public Task Text() => _target.ScrapeAsync("text");
}
