using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Exporter.Prometheus.Collection;

/// <summary>Where a histogram's numbers stand in its record.</summary>
internal static class HistogramNumbers
{
    public const int Count = 0;

    /// <summary>The sum's bits; a negative one stands for no sum.</summary>
    public const int Sum = 1;
    public const int HeaderLength = 2;

    /// <summary>
    /// The sum as it is recorded. Where values can be negative, or have been, the sum may fall, which a Prometheus counter must not: then there is none.
    /// </summary>
    public static long SumOf(in MetricPoint point, double[] bounds)
    {
        var sum = point.GetHistogramSum();
        var mayFall = sum < 0 || (bounds.Length > 0 && bounds[0] < 0) || (point.TryGetHistogramMinMaxValues(out var min, out _) && min < 0);
        return BitConverter.DoubleToInt64Bits(mayFall ? -1 : sum);
    }

    /// <summary>The sum of a record. False when there is none.</summary>
    public static bool TryGetSum(ReadOnlySpan<long> numbers, out double sum)
    {
        sum = BitConverter.Int64BitsToDouble(numbers[Sum]);
        return !(sum < 0);
    }
}
