using System.Collections.Concurrent;

namespace ProgressTelemetry.Exporter.Prometheus.Collection;

/// <summary>
/// Arrays of one size that stays below the large object heap's threshold. What is kept for the next scrape is bounded, so that one huge
/// scrape doesn't hold its memory for the life of the process.
/// </summary>
/// <param name="segmentLengthLog2">The segments' length, as a power of two: positions are then found by shifting.</param>
/// <param name="maxRetained">How many unused segments are kept.</param>
internal sealed class SegmentPool<T>(int segmentLengthLog2, int maxRetained)
{
    private readonly ConcurrentStack<T[]> _segments = new();
    private int _retained;

    public int SegmentLengthLog2 => segmentLengthLog2;

    public int SegmentLength => 1 << segmentLengthLog2;

    public T[] Rent()
    {
        if (_segments.TryPop(out var segment))
        {
            Interlocked.Decrement(ref _retained);
            return segment;
        }

        return new T[SegmentLength];
    }

    public void Return(T[] segment)
    {
        if (System.Runtime.CompilerServices.RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(segment);
        }

        if (Interlocked.Increment(ref _retained) <= maxRetained)
        {
            _segments.Push(segment);
        }
        else
        {
            Interlocked.Decrement(ref _retained);
        }
    }
}
