using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Tests.Support;

/// <summary>A real meter provider over one tracker's meters, collected on demand, as a scrape endpoint does.</summary>
internal sealed class MetricsProbe : IDisposable
{
    private readonly List<Metric> _exported = [];
    private readonly MeterProvider _provider;

    public MetricsProbe(string meterSuffix) => _provider = Sdk.CreateMeterProviderBuilder()
        .AddMeter("ProgressTelemetry" + meterSuffix, "ProgressTelemetry.Runs" + meterSuffix)
        .AddInMemoryExporter(_exported)
        .Build();

    /// <summary>A suffix that keeps a test's meters apart from those of tests that run at the same time.</summary>
    public static string NewSuffix() => "." + Guid.NewGuid().ToString("N");

    /// <summary>Collects once.</summary>
    public Scrape Collect()
    {
        _exported.Clear();
        _provider.ForceFlush();
        return new Scrape(_exported);
    }

    public void Dispose() => _provider.Dispose();
}
