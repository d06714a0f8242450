namespace ProgressTelemetry.Benchmarks;

/// <summary>What the scraped series are.</summary>
public enum ScrapeKind
{
    /// <summary>Counters.</summary>
    Counters,

    /// <summary>Observable gauges.</summary>
    Gauges,

    /// <summary>Histograms of 15 buckets.</summary>
    Histograms,

    /// <summary>Base-2 exponential histograms.</summary>
    NativeHistograms,
}
