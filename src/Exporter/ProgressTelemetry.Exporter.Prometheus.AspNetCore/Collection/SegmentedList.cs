namespace ProgressTelemetry.Exporter.Prometheus.Collection;

/// <summary>A list in pooled segments: it grows without copying, and each segment goes back to the pool.</summary>
internal sealed class SegmentedList<T>(SegmentPool<T> pool)
{
    // A run longer than a segment has an array of its own, which takes as many places as segments of the usual length would; the further ones stay null.
    private readonly List<T[]?> _segments = [];
    private readonly int _shift = pool.SegmentLengthLog2;
    private readonly int _mask = pool.SegmentLength - 1;
    private int _usedInLast;

    /// <summary>
    /// Reserves elements that lie side by side, and returns the first one's position. Single elements get positions that rise by one; a longer run may leave a gap before it.
    /// </summary>
    public int Reserve(int count)
    {
        if (count > pool.SegmentLength)
        {
            return ReserveLong(count);
        }

        if (_segments.Count == 0 || _usedInLast + count > pool.SegmentLength)
        {
            _segments.Add(pool.Rent());
            _usedInLast = 0;
        }

        var position = ((_segments.Count - 1) * pool.SegmentLength) + _usedInLast;
        _usedInLast += count;
        return position;
    }

    public ref T this[int position] => ref _segments[position >> _shift]![position & _mask];

    public Span<T> Span(int position, int count) => _segments[position >> _shift].AsSpan(position & _mask, count);

    public void Clear()
    {
        foreach (var segment in _segments)
        {
            if (segment?.Length == pool.SegmentLength)
            {
                pool.Return(segment);
            }
        }

        _segments.Clear();
        _usedInLast = 0;
    }

    private int ReserveLong(int count)
    {
        var position = _segments.Count * pool.SegmentLength;
        _segments.Add(new T[count]);
        for (var covered = pool.SegmentLength; covered < count; covered += pool.SegmentLength)
        {
            _segments.Add(null);
        }

        _usedInLast = pool.SegmentLength;
        return position;
    }
}
