using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Exporter.Prometheus.Collection;

/// <summary>Copies what the SDK collected into a snapshot. Runs inside the SDK's export, one collection at a time.</summary>
internal sealed class SnapshotRecorder(bool createdTimestamps, ScrapeLog log)
{
    /// <summary>New points come after those that there are, except the two that the SDK keeps places for: the one without attributes and the one for all beyond the limit.</summary>
    private const int ReservedPoints = 2;

    private Dictionary<Metric, MetricStream> _streams = new(ReferenceEqualityComparer.Instance);
    private Dictionary<Metric, MetricStream> _spare = new(ReferenceEqualityComparer.Instance);

    private long[] _bucketScratch = new long[256];

    /// <summary>How many numbers stand before those of the value itself: the start time, when it is wanted.</summary>
    public int CreatedLength => createdTimestamps ? 1 : 0;

    public void Record(in Batch<Metric> batch, MetricSnapshot snapshot)
    {
        // Metrics of a disposed meter are not in the batch: carrying over only what is there keeps nothing of them.
        foreach (var metric in batch)
        {
            var stream = _streams.TryGetValue(metric, out var known) ? known : new MetricStream(metric);
            _spare[metric] = stream;
            if (metric.Temporality == AggregationTemporality.Cumulative)
            {
                RecordPoints(metric, stream, snapshot);
            }
            else
            {
                log.NotCumulative(stream.Name, stream.MeterName);
            }
        }

        _streams.Clear();
        (_streams, _spare) = (_spare, _streams);
    }

    private void RecordPoints(Metric metric, MetricStream stream, MetricSnapshot snapshot)
    {
        var first = -1;
        var count = 0;
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var position = snapshot.Points.Reserve(1);
            first = first < 0 ? position : first;
            ref var record = ref snapshot.Points[position];
            record.Tags = point.Tags;
            stream.Keys.Observe(record.Tags, isNew: count++ >= stream.PointsSeen - ReservedPoints);
            record.Value = ReadValue(in point, stream, snapshot);
            if (point.TryGetExemplars(out var exemplars))
            {
                RecordExemplars(position, exemplars, stream.Type, snapshot);
            }
        }

        stream.PointsSeen = count;
        if (count > 0)
        {
            snapshot.Metrics.Add(new(stream, first, count));
        }
    }

    private long ReadValue(in MetricPoint point, MetricStream stream, MetricSnapshot snapshot)
    {
        switch (stream.Type)
        {
            case MetricType.Histogram:
                return ReadHistogram(in point, stream.Bounds, snapshot);
            case MetricType.ExponentialHistogram:
                return ReadExponentialHistogram(in point, snapshot);
        }

        var value = stream.Type switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
            MetricType.LongGauge => point.GetGaugeLastValueLong(),
            MetricType.DoubleGauge => BitConverter.DoubleToInt64Bits(point.GetGaugeLastValueDouble()),
            _ => BitConverter.DoubleToInt64Bits(point.GetSumDouble()),
        };
        if (!createdTimestamps)
        {
            return value;
        }

        var position = snapshot.Numbers.Reserve(2);
        var numbers = snapshot.Numbers.Span(position, 2);
        numbers[0] = point.StartTime.UtcTicks;
        numbers[1] = value;
        return position;
    }

    /// <summary>Numbers: [start,] count, sum, then each bucket's own count.</summary>
    private int ReadHistogram(in MetricPoint point, double[] bounds, MetricSnapshot snapshot)
    {
        var length = CreatedLength + HistogramNumbers.HeaderLength + bounds.Length;
        var position = snapshot.Numbers.Reserve(length);
        var numbers = snapshot.Numbers.Span(position, length);
        if (createdTimestamps)
        {
            numbers[0] = point.StartTime.UtcTicks;
            numbers = numbers[1..];
        }

        numbers[HistogramNumbers.Count] = point.GetHistogramCount();
        numbers[HistogramNumbers.Sum] = HistogramNumbers.SumOf(in point, bounds);
        var i = HistogramNumbers.HeaderLength;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            numbers[i++] = bucket.BucketCount;
        }

        return position;
    }

    private int ReadExponentialHistogram(in MetricPoint point, MetricSnapshot snapshot)
    {
        var data = point.GetExponentialHistogramData();
        var buckets = ExponentialBuckets.Read(data, ref _bucketScratch);
        var length = CreatedLength + ExponentialBuckets.HeaderLength + buckets.Counts.Length;
        var position = snapshot.Numbers.Reserve(length);
        var numbers = snapshot.Numbers.Span(position, length);
        if (createdTimestamps)
        {
            numbers[0] = point.StartTime.UtcTicks;
            numbers = numbers[1..];
        }

        numbers[HistogramNumbers.Count] = point.GetHistogramCount();
        numbers[HistogramNumbers.Sum] = HistogramNumbers.SumOf(in point, []);
        buckets.Write(numbers);
        return position;
    }

    private static void RecordExemplars(int position, ReadOnlyExemplarCollection exemplars, MetricType type, MetricSnapshot snapshot)
    {
        List<ExemplarRecord>? copies = null;
        foreach (ref readonly var exemplar in exemplars)
        {
            (copies ??= []).Add(new ExemplarRecord(in exemplar, type == MetricType.LongSum));
        }

        // The SDK can say that there are exemplars when there are none.
        if (copies is not null)
        {
            snapshot.AddExemplars(position, [.. copies]);
        }
    }
}
