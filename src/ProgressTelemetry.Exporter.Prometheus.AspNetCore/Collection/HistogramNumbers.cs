namespace ProgressTelemetry.Exporter.Prometheus.Collection;

/// <summary>Where a histogram's numbers stand in its record.</summary>
internal static class HistogramNumbers
{
    public const int Count = 0;
    public const int Sum = 1;
    public const int HeaderLength = 2;
}
