namespace ProgressTelemetry.Benchmarks.Peers;

/// <summary>What the scraped series are.</summary>
internal enum SeriesKind
{
    Counters,
    Gauges,

    /// <summary>Of 15 buckets, the SDK's usual ones.</summary>
    Histograms,

    /// <summary>Base-2 exponential: native histograms in protobuf, classic buckets in text.</summary>
    ExponentialHistograms,
}
