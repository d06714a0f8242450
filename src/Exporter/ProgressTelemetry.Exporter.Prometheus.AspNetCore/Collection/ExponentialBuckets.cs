using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Exporter.Prometheus.Collection;

/// <summary>
/// The buckets of a base-2 exponential histogram, at a scale that Prometheus has. Bucket <c>i</c> of scale <c>s</c> holds the values in
/// <c>(2^((offset+i)/2^s), 2^((offset+i+1)/2^s)]</c>. See https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram.
/// </summary>
internal readonly ref struct ExponentialBuckets
{
    public const int HeaderLength = HistogramNumbers.HeaderLength + 4;

    /// <summary>The finest scale of a Prometheus native histogram.</summary>
    private const int MaxScale = 8;

    public int Scale { get; private init; }

    public int Offset { get; private init; }

    public long ZeroCount { get; private init; }

    public ReadOnlySpan<long> Counts { get; private init; }

    /// <summary>
    /// Reads the SDK's buckets, merging neighbours until the scale is one that Prometheus has, without the empty ones at both ends.
    /// The result's counts are in <paramref name="scratch"/>, which grows as needed, until the next call.
    /// </summary>
    public static ExponentialBuckets Read(ExponentialHistogramData data, ref long[] scratch)
    {
        var shift = Math.Max(0, data.Scale - MaxScale);
        var used = 0;
        var first = data.PositiveBuckets.Offset >> shift;
        var index = data.PositiveBuckets.Offset;
        foreach (var count in data.PositiveBuckets)
        {
            var merged = (index++ >> shift) - first;
            while (used <= merged)
            {
                if (used == scratch.Length)
                {
                    Array.Resize(ref scratch, used * 2);
                }

                scratch[used++] = 0;
            }

            scratch[merged] += count;
        }

        var counts = scratch.AsSpan(0, used);
        var start = counts.IndexOfAnyExcept(0);
        var end = counts.LastIndexOfAnyExcept(0) + 1;
        return new ExponentialBuckets
        {
            Scale = data.Scale - shift,
            Offset = start < 0 ? 0 : first + start,
            ZeroCount = data.ZeroCount,
            Counts = start < 0 ? [] : counts[start..end],
        };
    }

    /// <summary>Reads a record that <see cref="Write"/> made.</summary>
    public static ExponentialBuckets Read(ReadOnlySpan<long> numbers)
    {
        var header = numbers[HistogramNumbers.HeaderLength..];
        return new ExponentialBuckets { Scale = (int)header[0], Offset = (int)header[1], ZeroCount = header[2], Counts = header.Slice(4, (int)header[3]) };
    }

    /// <summary>The whole record, whose length stands in it.</summary>
    public static ReadOnlySpan<long> RecordAt(SegmentedList<long> numbers, int position) =>
        numbers.Span(position, HeaderLength + (int)numbers.Span(position, HeaderLength)[HeaderLength - 1]);

    /// <summary>
    /// How many of a record's values no bucket holds: the SDK counts an infinite value without having a bucket for it. None when the sum is not a number,
    /// since such a value is not in a bucket of Prometheus either.
    /// </summary>
    public static long Overflow(ReadOnlySpan<long> numbers)
    {
        var buckets = Read(numbers);
        var rest = numbers[HistogramNumbers.Count] - buckets.ZeroCount;
        foreach (var count in buckets.Counts)
        {
            rest -= count;
        }

        return HistogramNumbers.TryGetSum(numbers, out var sum) && double.IsNaN(sum) ? 0 : Math.Max(0, rest);
    }

    public void Write(Span<long> numbers)
    {
        var header = numbers[HistogramNumbers.HeaderLength..];
        header[0] = Scale;
        header[1] = Offset;
        header[2] = ZeroCount;
        header[3] = Counts.Length;
        Counts.CopyTo(header[4..]);
    }

    /// <summary>
    /// The upper bound of a bucket: of the last that there can be, the largest number. Bounds that scales have in common come out bit for bit the same at each of them.
    /// </summary>
    public double UpperBound(int bucket) => Math.Min(double.MaxValue, Math.Pow(2, Math.ScaleB(Offset + bucket + 1, -Scale)));
}
