using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ProgressTelemetry.Exporter.Prometheus;

/// <summary>Warns of what a scrape cannot show and of scrapes that fail, once for each cause: a scrape comes every few seconds.</summary>
internal sealed partial class ScrapeLog(ILogger<ScrapeLog> logger)
{
    private const int MaxWarnings = 1000;
    private readonly ConcurrentDictionary<(string Kind, string Name), bool> _warned = new();

    public void ConflictingHelp(string metric, string meter)
    {
        if (IsFirst(nameof(ConflictingHelp), metric))
        {
            LogConflictingHelp(metric, meter);
        }
    }

    public void ConflictingName(string metric, string instrument, string meter)
    {
        if (IsFirst(nameof(ConflictingName), instrument + '\0' + meter))
        {
            LogConflictingName(instrument, meter, metric);
        }
    }

    public void DuplicateSeries(string metric, int count)
    {
        if (IsFirst(nameof(DuplicateSeries), metric))
        {
            LogDuplicateSeries(metric, count);
        }
    }

    public void ScaleTooCoarse(string metric)
    {
        if (IsFirst(nameof(ScaleTooCoarse), metric))
        {
            LogScaleTooCoarse(metric);
        }
    }

    public void NotCumulative(string instrument, string meter)
    {
        if (IsFirst(nameof(NotCumulative), instrument + '\0' + meter))
        {
            LogNotCumulative(instrument, meter);
        }
    }

    public void ClientTooSlow(TimeSpan limit)
    {
        if (IsFirst(nameof(ClientTooSlow), ""))
        {
            LogClientTooSlow(limit);
        }
    }

    public void Refused(int status, string reason, Exception? exception)
    {
        if (IsFirst(nameof(Refused), reason))
        {
            LogRefused(status, reason, exception);
        }
    }

    public void ScraperGaveUp()
    {
        if (IsFirst(nameof(ScraperGaveUp), ""))
        {
            LogScraperGaveUp();
        }
    }

    [LoggerMessage(5, LogLevel.Warning, "A scrape was cut off: the client had not read the response within {Limit}.")]
    private partial void LogClientTooSlow(TimeSpan limit);

    [LoggerMessage(6, LogLevel.Warning, "A scrape was refused with status {Status}: {Reason}.")]
    private partial void LogRefused(int status, string reason, Exception? exception);

    [LoggerMessage(8, LogLevel.Warning, "A scraper went away before the metrics were collected: an observable instrument may be slow.")]
    private partial void LogScraperGaveUp();

    [LoggerMessage(7, LogLevel.Warning, "A point of {Metric} spans too many magnitudes for a native histogram and is not exposed.")]
    private partial void LogScaleTooCoarse(string metric);

    [LoggerMessage(1, LogLevel.Warning, "Metric {Metric} of meter {Meter} has another description than a metric of the same name from another meter; the first one's is shown.")]
    private partial void LogConflictingHelp(string metric, string meter);

    [LoggerMessage(2, LogLevel.Warning, "Instrument {Instrument} of meter {Meter} is not exposed: its name {Metric} is taken by a metric of another kind.")]
    private partial void LogConflictingName(string instrument, string meter, string metric);

    [LoggerMessage(3, LogLevel.Warning, "{Count} series of {Metric} have the same labels as another series and are not exposed.")]
    private partial void LogDuplicateSeries(string metric, int count);

    [LoggerMessage(4, LogLevel.Warning, "Instrument {Instrument} of meter {Meter} is not exposed: Prometheus needs cumulative temporality.")]
    private partial void LogNotCumulative(string instrument, string meter);

    private bool IsFirst(string kind, string name) => _warned.Count < MaxWarnings && _warned.TryAdd((kind, name), true);
}
