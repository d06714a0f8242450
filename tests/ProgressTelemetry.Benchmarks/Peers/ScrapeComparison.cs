using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Prometheus;

namespace ProgressTelemetry.Benchmarks.Peers;

/// <summary>Whole scrapes of the same series by each peer, collection included, in turns within one process.</summary>
internal sealed class ScrapeComparison : IAsyncDisposable
{
    private const int MostRounds = 200;
    private const int FewestRounds = 25;
    private const int SeriesInAllRounds = 1_000_000;

    private readonly List<Meter> _meters = [];
    private readonly SeriesSet _series;
    private readonly NoExporter _nothing = new();
    private readonly MeterProvider _alone;
    private readonly PeerEndpoint _ours;
    private readonly PeerEndpoint _oursWithCreated;
    private readonly PeerEndpoint _official;
    private readonly PeerEndpoint _prometheusNet;

    public ScrapeComparison(SeriesSet series)
    {
        _series = series;
        var alone = NewMeter();
        _alone = series.Configure(Sdk.CreateMeterProviderBuilder(), alone).AddReader(new BaseExportingMetricReader(_nothing)).Build();
        var ours = NewMeter();
        _ours = PeerEndpoint.Ours(metrics => series.Configure(metrics, ours));
        _oursWithCreated = PeerEndpoint.Ours(metrics => series.Configure(metrics, ours), created: true);
        var official = NewMeter();
        _official = PeerEndpoint.Official(metrics => series.Configure(metrics, official));
        var registry = Prometheus.Metrics.NewCustomRegistry();
        _prometheusNet = PeerEndpoint.PrometheusNet(registry);

        _meters.ForEach(series.Record);
        series.Record(Prometheus.Metrics.WithCustomRegistry(registry));
    }

    /// <summary>Rows of the table: one for each format.</summary>
    public async Task<IReadOnlyList<string>> MeasureAsync(IEnumerable<ScrapeFormat> formats)
    {
        var rows = new List<string>();
        foreach (var format in formats)
        {
            if (format.Created && _series.Kind is not (SeriesKind.Counters or SeriesKind.Histograms))
            {
                // A gauge has no moment from which it counts, and the official exporter no exponential histograms.
                continue;
            }

            var alone = new Contestant(CollectAsync, bytes: 0);
            var ours = await EnterAsync(format.Created ? _oursWithCreated : _ours, format).ConfigureAwait(false) ?? throw new InvalidOperationException($"{_series} are missing in {format.Name}.");
            var official = await EnterAsync(_official, format).ConfigureAwait(false);
            var prometheusNet = format.Created ? null : await EnterAsync(_prometheusNet, format).ConfigureAwait(false);
            Contestant?[] all = [alone, ours, official, prometheusNet];
            for (var round = Math.Clamp(SeriesInAllRounds / _series.Count, FewestRounds, MostRounds); round > 0; round--)
            {
                foreach (var contestant in all.OfType<Contestant>())
                {
                    await contestant.RunAsync().ConfigureAwait(false);
                }
            }

            rows.Add(PeerTable.Row(
                $"{_series}, {format.Name}",
                PeerTable.Cell(alone),
                PeerTable.Cell(ours),
                PeerTable.Cell(official),
                PeerTable.Cell(prometheusNet),
                PeerTable.Ratio(ours, official),
                PeerTable.Ratio(ours, prometheusNet)));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await _ours.DisposeAsync().ConfigureAwait(false);
        await _oursWithCreated.DisposeAsync().ConfigureAwait(false);
        await _official.DisposeAsync().ConfigureAwait(false);
        await _prometheusNet.DisposeAsync().ConfigureAwait(false);
        _alone.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private Meter NewMeter()
    {
        var meter = new Meter($"peer.{_meters.Count}.{Guid.NewGuid():N}");
        _meters.Add(meter);
        return meter;
    }

    private Task CollectAsync(Stream body)
    {
        _nothing.Collect!(Timeout.Infinite);
        return Task.CompletedTask;
    }

    /// <summary>Lets a peer take part. Null when it answers in another format than was asked for, or without the series.</summary>
    private async Task<Contestant?> EnterAsync(PeerEndpoint peer, ScrapeFormat format)
    {
        using var body = new MemoryStream();
        var contentType = await peer.ScrapeAsync(format, body).ConfigureAwait(false);

        // Each series has a label of its own, `stage-N`, and a family that is left out has none.
        return contentType.StartsWith(format.MediaType, StringComparison.Ordinal) && body.GetBuffer().AsSpan(0, (int)body.Length).Count("stage-"u8) >= _series.Count
            ? new Contestant(to => peer.ScrapeAsync(format, to), body.Length)
            : null;
    }
}
