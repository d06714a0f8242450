using ProgressTelemetry.Exporter.Prometheus.Collection;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>Writes exponential buckets as the sparse buckets of a native histogram: spans of buckets, and each count's difference from the one before.</summary>
internal static class NativeHistogram
{
    /// <summary>The coarsest schema of a native histogram; the finest is 8.</summary>
    public const int MinSchema = -4;

    /// <summary>An OpenTelemetry bucket is numbered by its lower bound, a Prometheus one by its upper.</summary>
    private const int IndexShift = 1;

    /// <summary>The largest number is just below 2 to the power of this.</summary>
    private const int DoubleExponents = 1024;

    /// <summary>What the specification says for a zero bucket without a width.</summary>
    private const double ZeroThreshold = 1e-128;

    /// <summary>A gap of so many empty buckets costs less than a span of its own.</summary>
    private const int LongestFilledGap = 2;

    /// <summary>Writes the buckets; <paramref name="overflow"/> is how many values are beyond the largest number, each of them infinite.</summary>
    public static void Write(ScrapeBuffer buffer, ExponentialBuckets buckets, long overflow)
    {
        buffer.WriteSignedField(5, buckets.Scale);
        buffer.WriteDoubleField(6, ZeroThreshold);
        buffer.WriteVarintField(7, (ulong)buckets.ZeroCount);
        if (buckets.Counts.IsEmpty && overflow == 0)
        {
            // An empty span tells a native histogram without observations from a classic one.
            WriteSpan(buffer, 0, 0);
            return;
        }

        WriteSpans(buffer, buckets, overflow > 0);
        WriteDeltas(buffer, buckets.Counts, overflow);
    }

    /// <summary>The bucket after that of the largest number, which holds infinity.</summary>
    private static int OverflowIndex(int scale) => (scale < 0 ? DoubleExponents >> -scale : DoubleExponents << scale) + 1;

    private static void WriteSpans(ScrapeBuffer buffer, ExponentialBuckets buckets, bool hasOverflow)
    {
        var previousEnd = 0;
        for (var start = 0; start < buckets.Counts.Length;)
        {
            var end = EndOfSpan(buckets.Counts, start);
            WriteSpan(buffer, start == 0 ? buckets.Offset + IndexShift : start - previousEnd, end - start);
            previousEnd = end;
            start = StartOfNext(buckets.Counts, end);
        }

        if (hasOverflow)
        {
            var index = OverflowIndex(buckets.Scale);
            WriteSpan(buffer, previousEnd == 0 ? index : index - (buckets.Offset + IndexShift + previousEnd), 1);
        }
    }

    private static void WriteDeltas(ScrapeBuffer buffer, ReadOnlySpan<long> counts, long overflow)
    {
        var deltas = buffer.BeginField(13);
        var previous = 0L;
        for (var start = 0; start < counts.Length;)
        {
            var end = EndOfSpan(counts, start);
            foreach (var count in counts[start..end])
            {
                buffer.WriteSigned(count - previous);
                previous = count;
            }

            start = StartOfNext(counts, end);
        }

        if (overflow > 0)
        {
            buffer.WriteSigned(overflow - previous);
        }

        buffer.EndField(deltas);
    }

    private static int EndOfSpan(ReadOnlySpan<long> counts, int start)
    {
        var end = start + 1;
        for (var i = end; i < counts.Length && i - end <= LongestFilledGap; i++)
        {
            if (counts[i] != 0)
            {
                end = i + 1;
            }
        }

        return end;
    }

    private static int StartOfNext(ReadOnlySpan<long> counts, int end)
    {
        var next = counts[end..].IndexOfAnyExcept(0);
        return next < 0 ? counts.Length : end + next;
    }

    private static void WriteSpan(ScrapeBuffer buffer, int offset, int length)
    {
        var span = buffer.BeginField(12);
        buffer.WriteSignedField(1, offset);
        buffer.WriteVarintField(2, (ulong)length);
        buffer.EndField(span);
    }
}
