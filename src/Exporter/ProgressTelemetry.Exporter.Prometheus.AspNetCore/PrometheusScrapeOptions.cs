namespace ProgressTelemetry.Exporter.Prometheus;

/// <summary>Settings of the Prometheus scrape endpoint. Every default follows the OpenTelemetry specification of Prometheus exporters, except that of <see cref="CreatedTimestamps"/>.</summary>
public sealed class PrometheusScrapeOptions
{
    private TimeSpan _scrapeTimeout = TimeSpan.FromSeconds(30);
    private int _maxConcurrentScrapes = 40;

    /// <summary>
    /// Whether every series carries its meter's name, version, schema URL and tags as <c>otel_scope_*</c> labels. Default <see langword="true"/>.
    /// Without them, metrics of the same name from two meters can no longer be told apart: the first of two equal series is kept.
    /// </summary>
    public bool ScopeLabels { get; set; } = true;

    /// <summary>Whether the resource is exposed as <c>target_info</c>. Default <see langword="true"/>.</summary>
    public bool TargetInfo { get; set; } = true;

    /// <summary>
    /// Chooses, by attribute name, the resource attributes that are repeated as a label on every series. Default: none.
    /// A chosen attribute stays in <c>target_info</c>.
    /// </summary>
    public Predicate<string>? ResourceConstantLabels { get; set; }

    /// <summary>How instrument names become metric names. Default <see cref="PrometheusTranslationStrategy.UnderscoreEscapingWithSuffixes"/>.</summary>
    public PrometheusTranslationStrategy TranslationStrategy { get; set; }

    /// <summary>
    /// Whether OpenMetrics and protobuf responses say when each counter and histogram began. Default <see langword="false"/>, although the specification would have it:
    /// in OpenMetrics it doubles the number of a counter's lines, and a Prometheus without created-timestamp ingestion stores each as a series.
    /// </summary>
    public bool CreatedTimestamps { get; set; }

    /// <summary>Whether a response is compressed when the scraper accepts gzip. Default <see langword="true"/>.</summary>
    public bool Compression { get; set; } = true;

    /// <summary>
    /// The longest that one scrape may take from request to last byte; a client that has not read everything by then is cut off. Default 30 seconds.
    /// A scraper's <c>X-Prometheus-Scrape-Timeout-Seconds</c> shortens it, never lengthens it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or longer than a day.</exception>
    public TimeSpan ScrapeTimeout
    {
        get => _scrapeTimeout;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(1));
            _scrapeTimeout = value;
        }
    }

    /// <summary>The clock of <see cref="ScrapeTimeout"/>. Default <see cref="System.TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>How many scrapes may be answered at once; more are refused with status 503. Default 40.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrentScrapes
    {
        get => _maxConcurrentScrapes;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxConcurrentScrapes = value;
        }
    }
}
