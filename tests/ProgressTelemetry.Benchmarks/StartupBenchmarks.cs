using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ProgressTelemetry.Benchmarks;

/// <summary>What <c>AddProgressTracking</c> adds to an app's start: the SDK's two providers are made and disposed, without it and with it.</summary>
[Config(typeof(InProcessConfig))]
public class StartupBenchmarks
{
    [Benchmark(Baseline = true, Description = "the SDK's providers")]
    public void Providers()
    {
        using var metrics = Sdk.CreateMeterProviderBuilder().AddMeter("app").AddReader(new BaseExportingMetricReader(new NoExporter())).Build();
        using var traces = Sdk.CreateTracerProviderBuilder().AddSource("app").Build();
    }

    [Benchmark(Description = "the same, with AddProgressTracking")]
    public void ProvidersWithProgressTracking()
    {
        using var metrics = Sdk.CreateMeterProviderBuilder().AddMeter("app").AddProgressTracking().AddReader(new BaseExportingMetricReader(new NoExporter())).Build();
        using var traces = Sdk.CreateTracerProviderBuilder().AddSource("app").AddProgressTracking().Build();
    }

    [Benchmark(Description = "a tracker from the app's services")]
    public void Tracker()
    {
        using var services = new ServiceCollection().AddProgressTracking().BuildServiceProvider();
        services.GetRequiredService<ProgressTracker>();
    }
}
