using System.IO.Compression;
using ProgressTelemetry.Exporter.Prometheus;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Endpoint;
using ProgressTelemetry.Exporter.Prometheus.Formats;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Benchmarks;

/// <summary>Scrapes an exporter without HTTP: the body goes where <see cref="Stream.Null"/> goes. Make it once the exporter has its provider.</summary>
internal sealed class Scraper(PrometheusScrapeExporter exporter, ScrapeLog log)
{
    private readonly ExpositionFactory _expositions = new(exporter, log);

    /// <summary>Collects, without writing anything.</summary>
    public async Task CollectAsync() => (await exporter.CollectAsync(CancellationToken.None).ConfigureAwait(false))!.Release();

    /// <summary>Collects and writes: <c>text</c>, <c>gzip</c> (text, compressed), <c>openmetrics</c> or <c>protobuf</c>.</summary>
    public async Task ScrapeAsync(string format)
    {
        var kind = format switch { "protobuf" => ScrapeFormatKind.Protobuf, "openmetrics" => ScrapeFormatKind.OpenMetrics, _ => ScrapeFormatKind.Text };
        var snapshot = (await exporter.CollectAsync(CancellationToken.None).ConfigureAwait(false))!;
        var exposition = _expositions.Create(new ScrapeFormat(kind, "", EscapingScheme.Underscores, NamesEscaping: false), snapshot);
        var body = format == "gzip" ? new GZipStream(Stream.Null, CompressionLevel.Fastest) : Stream.Null;
        await ScrapeEndpoint.WriteAsync(exposition, body).ConfigureAwait(false);
        if (format == "gzip")
        {
            await body.DisposeAsync().ConfigureAwait(false);
        }

        snapshot.Release();
    }
}
