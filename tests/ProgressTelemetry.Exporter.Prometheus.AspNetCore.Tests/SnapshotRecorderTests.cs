using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Testing;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

public sealed class SnapshotRecorderTests
{
    [Fact]
    public async Task Record_DeltaMetric_IsLeftOutWithAWarning()
    {
        var log = new FakeLogger<ScrapeLog>();
        var exporter = new PrometheusScrapeExporter(new PrometheusScrapeOptions(), new ScrapeLog(log));
        using var meter = new Meter("delta." + Guid.NewGuid());
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(meter.Name)
            .AddReader(new BaseExportingMetricReader(exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Delta })
            .Build();
        meter.CreateCounter<long>("c").Add(1);
        meter.CreateUpDownCounter<long>("u").Add(2);

        var snapshot = (await exporter.CollectAsync(CancellationToken.None))!;

        // An up-down counter is cumulative under the delta preference too.
        Assert.Equal("u", Assert.Single(snapshot.Metrics).Stream.Name);
        Assert.Matches("^Instrument c of meter.*cumulative", log.LatestRecord.Message);
        snapshot.Release();
    }

    [Fact]
    public async Task Collect_ExportThrows_TellsWhy()
    {
        var exporter = new PrometheusScrapeExporter(new PrometheusScrapeOptions(), null!);
        using var meter = new Meter("broken." + Guid.NewGuid());
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(meter.Name)
            .AddReader(new BaseExportingMetricReader(exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Delta })
            .Build();
        meter.CreateCounter<long>("c").Add(1);

        // Without a log, the warning about the delta metric throws.
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => exporter.CollectAsync(CancellationToken.None));
        Assert.IsType<NullReferenceException>(error.InnerException);
    }
}
