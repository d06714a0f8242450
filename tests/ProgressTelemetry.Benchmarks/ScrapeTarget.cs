using System.Diagnostics.Metrics;
using System.IO.Compression;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using ProgressTelemetry.Exporter.Prometheus;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Endpoint;
using ProgressTelemetry.Exporter.Prometheus.Formats;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Benchmarks;

/// <summary>A meter provider with so many series, scraped without HTTP: the body goes where <see cref="Stream.Null"/> goes.</summary>
internal sealed class ScrapeTarget : IDisposable
{
    private readonly MeterProvider _provider;
    private readonly Meter _meter;
    private readonly PrometheusScrapeExporter? _exporter;
    private readonly ScrapeBaseline? _baseline;
    private readonly ExpositionFactory? _expositions;

    public ScrapeTarget(ScrapeKind kind, int series, bool baseline)
    {
        _meter = new Meter("scrape." + Guid.NewGuid().ToString("N"));
        var log = new ScrapeLog(NullLogger<ScrapeLog>.Instance);
        var builder = Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name).AddView(_ => kind == ScrapeKind.NativeHistograms
            ? new Base2ExponentialBucketHistogramConfiguration { CardinalityLimit = series + 10 }
            : new MetricStreamConfiguration { CardinalityLimit = series + 10 });
        if (baseline)
        {
            _baseline = new ScrapeBaseline();
            builder.AddReader(new BaseExportingMetricReader(_baseline));
        }
        else
        {
            _exporter = new PrometheusScrapeExporter(new PrometheusScrapeOptions(), log);
            builder.AddReader(new BaseExportingMetricReader(_exporter));
        }

        _provider = builder.Build();
        _expositions = _exporter is null ? null : new ExpositionFactory(_exporter, log);
        Record(kind, series);
    }

    /// <summary>Collects, without writing anything.</summary>
    public async Task CollectAsync() => (await _exporter!.CollectAsync(CancellationToken.None).ConfigureAwait(false))!.Release();

    public async Task ScrapeAsync(string format)
    {
        if (_baseline is not null)
        {
            await _baseline.WriteAsync(Stream.Null).ConfigureAwait(false);
            return;
        }

        var kind = format switch { "protobuf" => ScrapeFormatKind.Protobuf, "openmetrics" => ScrapeFormatKind.OpenMetrics, _ => ScrapeFormatKind.Text };
        var snapshot = (await _exporter!.CollectAsync(CancellationToken.None).ConfigureAwait(false))!;
        var exposition = _expositions!.Create(new ScrapeFormat(kind, "", EscapingScheme.Underscores, NamesEscaping: false), snapshot);
        var body = format == "gzip" ? new GZipStream(Stream.Null, CompressionLevel.Fastest) : Stream.Null;
        await ScrapeEndpoint.WriteAsync(exposition, body).ConfigureAwait(false);
        if (format == "gzip")
        {
            await body.DisposeAsync().ConfigureAwait(false);
        }

        snapshot.Release();
    }

    public void Dispose()
    {
        _meter.Dispose();
        _provider.Dispose();
    }

    private void Record(ScrapeKind kind, int series)
    {
        var tags = Enumerable.Range(0, series)
            .Select(i => new KeyValuePair<string, object?>[] { new("workflow.name", "workflow-" + (i % 100)), new("workflow.stage.name", "stage-" + i) })
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
