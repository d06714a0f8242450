namespace ProgressTelemetry.Exporter.Prometheus.Collection;

/// <summary>
/// The numbers of one collection, copied out of the SDK: 16 bytes a series, so that responses can be written from it at each client's own
/// pace while the next collection goes on. Shared by the scrapes that asked for it; the last to release it gives its memory back.
/// </summary>
internal sealed class MetricSnapshot(SegmentPool<PointRecord> pointPool, SegmentPool<long> numberPool, Action<MetricSnapshot> recycle)
{
    private readonly Dictionary<int, ExemplarRecord[]> _exemplars = [];
    private int _references;

    public List<MetricEntry> Metrics { get; } = [];

    public SegmentedList<PointRecord> Points { get; } = new(pointPool);

    public SegmentedList<long> Numbers { get; } = new(numberPool);

    public ReadOnlySpan<ExemplarRecord> Exemplars(int point) => _exemplars.Count > 0 && _exemplars.TryGetValue(point, out var found) ? found : default;

    public void AddExemplars(int point, ExemplarRecord[] exemplars) => _exemplars.Add(point, exemplars);

    public void Retain() => Interlocked.Increment(ref _references);

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            Metrics.Clear();
            Points.Clear();
            Numbers.Clear();
            _exemplars.Clear();
            recycle(this);
        }
    }

    /// <summary>One metric's points: a range of <see cref="Points"/>.</summary>
    internal readonly record struct MetricEntry(MetricStream Stream, int FirstPoint, int PointCount);
}
