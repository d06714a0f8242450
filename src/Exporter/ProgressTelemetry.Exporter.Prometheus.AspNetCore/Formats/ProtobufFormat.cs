using OpenTelemetry.Metrics;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Families;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>
/// The Prometheus protobuf format: delimited <c>io.prometheus.client.MetricFamily</c> messages. It is the one format with native histograms.
/// See https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto.
/// </summary>
internal sealed class ProtobufFormat(NamingRules naming, bool createdTimestamps, ScrapeLog log) : ExpositionFormat(naming)
{
    private const int MetricField = 4;

    /// <summary>A gauge or a counter with nothing but its value: the field's tag and length, then the value's tag and eight bytes.</summary>
    private const int ScalarLength = 2 + 1 + sizeof(double);
    private readonly int _numbersStart = createdTimestamps ? 1 : 0;

    public override void Prepare(MetricFamily family)
    {
        using var buffer = new ScrapeBuffer();
        WriteHeader(buffer, family.Name.Sample, family.Help, family.Type, family.Name.Unit);
        family.Prepared = buffer.Written.ToArray();
        foreach (var member in family.Members)
        {
            member.Prepared = new ProtobufLabels(member);
        }
    }

    public override void WriteTargetInfo(ScrapeBuffer buffer, List<Label> labels)
    {
        using var message = new ScrapeBuffer();
        WriteHeader(message, "target_info", "Target metadata", PrometheusType.Gauge, "");
        var metric = message.BeginField(MetricField);
        ProtobufLabels.Write(message, 1, labels);
        WriteGauge(message, 1);
        message.EndField(metric);
        buffer.WriteVarint((ulong)message.Length);
        buffer.Write(message.Written.Span);
    }

    /// <summary>
    /// A message begins with its length, so a family whose points can't be measured by the lengths of their texts is written twice: once to measure it and, as the response goes out, once more. A buffer
    /// of the family's size would cost memory where this costs time.
    /// </summary>
    public override void BeginFamily(ScrapeBuffer buffer, MetricFamily family, MetricSnapshot snapshot, HashSet<int>? leftOut)
    {
        var header = (byte[])family.Prepared!;
        var length = (ulong)header.Length;
        var end = buffer.Length;
        foreach (var member in family.Members)
        {
            var entry = snapshot.Metrics[member.Index];
            for (var point = entry.FirstPoint; point < entry.FirstPoint + entry.PointCount; point++)
            {
                if (leftOut?.Contains(point) == true)
                {
                    continue;
                }

                if (TryMeasure(member, snapshot, point, out var measured))
                {
                    length += (ulong)measured;
                }
                else
                {
                    WritePoint(buffer, family, member, snapshot, point);
                    length += (ulong)(buffer.Length - end);
                    buffer.TruncateTo(end);
                }
            }
        }

        buffer.WriteVarint(length);
        buffer.Write(header);
    }

    private bool TryMeasure(FamilyMember member, MetricSnapshot snapshot, int point, out int length)
    {
        length = 0;
        if (createdTimestamps || member.Stream.IsHistogram || snapshot.Exemplars(point).Length > 0
            || !((ProtobufLabels)member.Prepared!).TryMeasure(snapshot.Points[point].Tags, out var labels))
        {
            return false;
        }

        length = ProtobufWriting.FieldLength(labels + ScalarLength);
        return true;
    }

    public override void WritePoint(ScrapeBuffer buffer, MetricFamily family, FamilyMember member, MetricSnapshot snapshot, int point)
    {
        ref readonly var record = ref snapshot.Points[point];
        var stream = member.Stream;
        var start = buffer.Length;
        var metric = buffer.BeginField(MetricField);
        ((ProtobufLabels)member.Prepared!).Write(buffer, record.Tags);
        switch (stream.Type)
        {
            case MetricType.Histogram:
                WriteHistogram(buffer, stream, snapshot, point);
                break;
            case MetricType.ExponentialHistogram:
                if (!WriteNativeHistogram(buffer, snapshot, point))
                {
                    buffer.TruncateTo(start);
                    log.ScaleTooCoarse(family.Name.Sample);
                    return;
                }

                break;
            default:
                WriteScalar(buffer, stream.Type, snapshot, point);
                break;
        }

        buffer.EndField(metric);
    }

    private static void WriteHeader(ScrapeBuffer buffer, string name, string help, PrometheusType type, string unit)
    {
        buffer.WriteTextField(1, name);
        if (help.Length > 0)
        {
            buffer.WriteTextField(2, help);
        }

        buffer.WriteVarintField(3, (ulong)type);
        if (unit.Length > 0)
        {
            buffer.WriteTextField(5, unit);
        }
    }

    private void WriteScalar(ScrapeBuffer buffer, MetricType type, MetricSnapshot snapshot, int point)
    {
        var recorded = snapshot.Points[point].Value;
        var bits = createdTimestamps ? snapshot.Numbers[(int)recorded + 1] : recorded;
        var value = type is MetricType.LongSum or MetricType.LongSumNonMonotonic or MetricType.LongGauge ? bits : BitConverter.Int64BitsToDouble(bits);
        if (type is not (MetricType.LongSum or MetricType.DoubleSum))
        {
            WriteGauge(buffer, value);
            return;
        }

        var counter = buffer.BeginField(3);
        buffer.WriteDoubleField(1, value);
        var exemplars = snapshot.Exemplars(point);
        WriteExemplar(buffer, 2, exemplars, ExemplarChoice.Of(exemplars, double.NegativeInfinity, double.PositiveInfinity));
        if (createdTimestamps)
        {
            WriteTimestamp(buffer, 3, snapshot.Numbers[(int)recorded]);
        }

        buffer.EndField(counter);
    }

    private static void WriteGauge(ScrapeBuffer buffer, double value)
    {
        var gauge = buffer.BeginField(2);
        buffer.WriteDoubleField(1, value);
        buffer.EndField(gauge);
    }

    private void WriteHistogram(ScrapeBuffer buffer, MetricStream stream, MetricSnapshot snapshot, int point)
    {
        var start = (int)snapshot.Points[point].Value;
        var numbers = snapshot.Numbers.Span(start, _numbersStart + HistogramNumbers.HeaderLength + stream.Bounds.Length)[_numbersStart..];
        var histogram = BeginHistogram(buffer, numbers);
        var exemplars = snapshot.Exemplars(point);
        var cumulative = 0L;
        var lower = double.NegativeInfinity;
        for (var i = 0; i < stream.Bounds.Length; i++)
        {
            cumulative += numbers[HistogramNumbers.HeaderLength + i];
            WriteBucket(buffer, cumulative, lower, stream.Bounds[i], exemplars);
            lower = stream.Bounds[i];
        }

        if (stream.Bounds.Length == 0)
        {
            WriteBucket(buffer, numbers[HistogramNumbers.Count], lower, double.PositiveInfinity, exemplars);
        }

        EndHistogram(buffer, histogram, snapshot, start);
    }

    private void WriteBucket(ScrapeBuffer buffer, long cumulative, double lower, double upper, ReadOnlySpan<ExemplarRecord> exemplars)
    {
        var bucket = buffer.BeginField(3);
        buffer.WriteVarintField(1, (ulong)cumulative);
        buffer.WriteDoubleField(2, upper);
        WriteExemplar(buffer, 3, exemplars, ExemplarChoice.Of(exemplars, lower, upper));
        buffer.EndField(bucket);
    }

    private bool WriteNativeHistogram(ScrapeBuffer buffer, MetricSnapshot snapshot, int point)
    {
        var start = (int)snapshot.Points[point].Value;
        var numbers = ExponentialBuckets.RecordAt(snapshot.Numbers, start + _numbersStart);
        var buckets = ExponentialBuckets.Read(numbers);
        if (buckets.Scale < NativeHistogram.MinSchema)
        {
            return false;
        }

        var histogram = BeginHistogram(buffer, numbers);
        NativeHistogram.Write(buffer, buckets, ExponentialBuckets.Overflow(numbers));
        var exemplars = snapshot.Exemplars(point);
        for (var i = 0; i < exemplars.Length; i++)
        {
            WriteExemplar(buffer, 16, exemplars, i);
        }

        EndHistogram(buffer, histogram, snapshot, start);
        return true;
    }

    private static int BeginHistogram(ScrapeBuffer buffer, ReadOnlySpan<long> numbers)
    {
        var histogram = buffer.BeginField(7);
        buffer.WriteVarintField(1, (ulong)numbers[HistogramNumbers.Count]);

        // To Prometheus a field that is not there is zero.
        buffer.WriteDoubleField(2, HistogramNumbers.TryGetSum(numbers, out var sum) ? sum : double.NaN);
        return histogram;
    }

    private void EndHistogram(ScrapeBuffer buffer, int histogram, MetricSnapshot snapshot, int start)
    {
        if (createdTimestamps)
        {
            WriteTimestamp(buffer, 15, snapshot.Numbers[start]);
        }

        buffer.EndField(histogram);
    }

    private void WriteExemplar(ScrapeBuffer buffer, int field, ReadOnlySpan<ExemplarRecord> exemplars, int index)
    {
        if (index < 0)
        {
            return;
        }

        var start = buffer.BeginField(field);
        ProtobufLabels.Write(buffer, 1, ExemplarChoice.Labels(in exemplars[index], Naming));
        buffer.WriteDoubleField(2, exemplars[index].Value);
        WriteTimestamp(buffer, 3, exemplars[index].Timestamp.UtcTicks);
        buffer.EndField(start);
    }

    private static void WriteTimestamp(ScrapeBuffer buffer, int field, long utcTicks)
    {
        var (seconds, rest) = Math.DivRem(utcTicks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond);
        var start = buffer.BeginField(field);
        buffer.WriteVarintField(1, (ulong)seconds);
        buffer.WriteVarintField(2, (ulong)(rest * TimeSpan.NanosecondsPerTick));
        buffer.EndField(start);
    }
}
