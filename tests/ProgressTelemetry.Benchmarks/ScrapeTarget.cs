using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using ProgressTelemetry.Exporter.Prometheus;
using ProgressTelemetry.Exporter.Prometheus.Collection;

namespace ProgressTelemetry.Benchmarks;

/// <summary>A meter provider with so many series, scraped without HTTP: the body goes where <see cref="Stream.Null"/> goes.</summary>
internal sealed class ScrapeTarget : IDisposable
{
    private readonly MeterProvider _provider;
    private readonly Meter _meter;
    private readonly ScrapeBaseline? _baseline;
    private readonly Scraper? _scraper;

    public ScrapeTarget(ScrapeKind kind, int series, bool baseline, bool mayCollide = false)
    {
        _meter = new Meter("scrape." + Guid.NewGuid().ToString("N"));
        var log = new ScrapeLog(NullLogger<ScrapeLog>.Instance);
        var builder = Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name).AddView(_ => kind == ScrapeKind.NativeHistograms
            ? new Base2ExponentialBucketHistogramConfiguration { CardinalityLimit = series + 10 }
            : new MetricStreamConfiguration { CardinalityLimit = series + 10 });
        if (baseline)
        {
            _baseline = new ScrapeBaseline();
            _provider = builder.AddReader(new BaseExportingMetricReader(_baseline)).Build();
        }
        else
        {
            var exporter = new PrometheusScrapeExporter(new PrometheusScrapeOptions(), log);
            _provider = builder.AddReader(new BaseExportingMetricReader(exporter)).Build();
            _scraper = new Scraper(exporter, log);
        }

        Record(kind, series, mayCollide);
    }

    /// <summary>Collects, without writing anything.</summary>
    public Task CollectAsync() => _scraper!.CollectAsync();

    public Task ScrapeAsync(string format) => _baseline is not null ? _baseline.WriteAsync(Stream.Null) : _scraper!.ScrapeAsync(format);

    public void Dispose()
    {
        _meter.Dispose();
        _provider.Dispose();
    }

    private void Record(ScrapeKind kind, int series, bool mayCollide)
    {
        var tags = Enumerable.Range(0, series)
            .Select(i => new KeyValuePair<string, object?>[] { new("workflow.name", "workflow-" + (i % 100)), new("workflow.stage.name", mayCollide && i == 0 ? "" : "stage-" + i) })
            .ToArray();
        switch (kind)
        {
            case ScrapeKind.Counters:
                var counter = _meter.CreateCounter<long>("workflow.stage.tasks", "{task}", "Tasks that ended.");
                Array.ForEach(tags, t => counter.Add(1_234, t));
                break;
            case ScrapeKind.Gauges:
                var measurements = tags.Select((t, i) => new Measurement<double>(i / 7.0, t)).ToArray();
                _meter.CreateObservableGauge("workflow.stage.throughput", () => measurements, "{task}/s", "Tasks each second.");
                break;
            default:
                var histogram = _meter.CreateHistogram<double>("workflow.stage.duration", "s", "How long a stage took.");
                for (var i = 0; i < series; i++)
                {
                    for (var j = 1; j <= 20; j++)
                    {
                        histogram.Record(j * 17.5, tags[i]);
                    }
                }

                break;
        }
    }
}
