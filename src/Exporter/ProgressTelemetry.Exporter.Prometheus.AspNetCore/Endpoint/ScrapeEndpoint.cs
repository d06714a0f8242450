using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Formats;

namespace ProgressTelemetry.Exporter.Prometheus.Endpoint;

/// <summary>Answers scrapes.</summary>
internal sealed class ScrapeEndpoint(PrometheusScrapeExporter exporter, ScrapeLog log)
{
    private readonly PrometheusScrapeOptions _options = exporter.Options;
    private readonly ExpositionFactory _expositions = new(exporter, log);
    private int _scrapes;

    public async Task HandleAsync(HttpContext context)
    {
        var format = ScrapeNegotiation.Format(context.Request.Headers.Accept);
        context.Response.ContentType = format.ContentType;
        context.Response.Headers.Append(HeaderNames.Vary, "Accept, Accept-Encoding");

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        // Without a way to collect, the SDK is switched off, or the provider has been disposed: there is nothing to say, and that is no error.
        if (exporter.Collect is null)
        {
            await context.Response.WriteAsync(format.Kind == ScrapeFormatKind.OpenMetrics ? TextFormat.OpenMetricsEnd : "", context.RequestAborted).ConfigureAwait(false);
            return;
        }

        if (Interlocked.Increment(ref _scrapes) > _options.MaxConcurrentScrapes)
        {
            Interlocked.Decrement(ref _scrapes);
            context.Response.Headers.RetryAfter = "1";
            await RefuseAsync(context, "too many scrapes at once").ConfigureAwait(false);
            return;
        }

        try
        {
            await ScrapeAsync(context, format).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _scrapes);
        }
    }

    private async Task ScrapeAsync(HttpContext context, ScrapeFormat format)
    {
        var limit = ScrapeNegotiation.Timeout(context.Request.Headers, _options.ScrapeTimeout);
        using var deadline = new CancellationTokenSource(limit, _options.TimeProvider);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        MetricSnapshot? snapshot = null;
        try
        {
            snapshot = await exporter.CollectAsync(ended.Token).ConfigureAwait(false);
            if (snapshot is null)
            {
                await RefuseAsync(context, "the SDK could not collect").ConfigureAwait(false);
                return;
            }

            await WriteAsync(context, _expositions.Create(format, snapshot), ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (snapshot is not null && deadline.IsCancellationRequested)
        {
            // Looked at first: Kestrel itself aborts the request when one of its writes is cancelled.
            log.ClientTooSlow(limit);
            context.Abort();
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The scraper went away; nobody is left to answer.
            if (snapshot is null)
            {
                log.ScraperGaveUp();
            }
        }
        catch (OperationCanceledException) when (snapshot is null)
        {
            await RefuseAsync(context, "no collection within the scraper's limit").ConfigureAwait(false);
        }
        catch (Exception exception) when (snapshot is null)
        {
            await RefuseAsync(context, "the collected metrics could not be read", exception).ConfigureAwait(false);
        }
        finally
        {
            snapshot?.Release();
        }
    }

    private async Task WriteAsync(HttpContext context, Exposition exposition, CancellationToken ended)
    {
        var body = new DeadlineStream(context.Response.Body, ended);
        await using (body.ConfigureAwait(false))
        {
            if (!_options.Compression || !ScrapeNegotiation.Gzip(context.Request.Headers.AcceptEncoding))
            {
                await WriteAsync(exposition, body).ConfigureAwait(false);
                return;
            }

            context.Response.Headers.ContentEncoding = "gzip";
            var compressed = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true);
            await using (compressed.ConfigureAwait(false))
            {
                await WriteAsync(exposition, compressed).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Writes a response to its end, a bufferful at a time.</summary>
    internal static async Task WriteAsync(Exposition exposition, Stream body)
    {
        using var buffer = new ScrapeBuffer();
        bool more;
        do
        {
            more = exposition.Fill(buffer);
            await body.WriteAsync(buffer.Written).ConfigureAwait(false);
            buffer.Clear();
        }
        while (more);
    }

    private Task RefuseAsync(HttpContext context, string reason, Exception? exception = null)
    {
        log.Refused(StatusCodes.Status503ServiceUnavailable, reason, exception);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("Not scraped: " + reason + ".\n", context.RequestAborted);
    }
}
