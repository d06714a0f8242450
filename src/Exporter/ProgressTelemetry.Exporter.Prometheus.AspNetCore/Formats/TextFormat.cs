using OpenTelemetry.Metrics;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Families;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>
/// The Prometheus text format and OpenMetrics, which differ in comment lines, bucket bounds, exemplars and the end.
/// See https://prometheus.io/docs/instrumenting/exposition_formats/ and https://prometheus.io/docs/specs/om/open_metrics_spec/.
/// </summary>
internal sealed class TextFormat(NamingRules naming, bool openMetrics, bool createdTimestamps) : ExpositionFormat(naming)
{
    /// <summary>What an OpenMetrics response ends with, also one without metrics.</summary>
    public const string OpenMetricsEnd = "# EOF\n";

    private readonly bool _writesCreated = openMetrics && createdTimestamps;
    private readonly int _numbersStart = createdTimestamps ? 1 : 0;

    public override void Prepare(MetricFamily family)
    {
        family.Prepared = new TextFamily(family, EncodeHeader(family));
        foreach (var member in family.Members)
        {
            member.Prepared = new TextLabels(member);
        }
    }

    public override void WriteTargetInfo(ScrapeBuffer buffer, List<Label> labels)
    {
        buffer.Write(openMetrics ? "# TYPE target info\n# HELP target Target metadata\n"u8 : "# TYPE target_info gauge\n# HELP target_info Target metadata\n"u8);
        buffer.Write("target_info{"u8);
        buffer.Write(TextFamily.EncodeLabels(labels));
        buffer.Write("} 1\n"u8);
    }

    public override void BeginFamily(ScrapeBuffer buffer, MetricFamily family, MetricSnapshot snapshot, HashSet<int>? leftOut) =>
        buffer.Write(((TextFamily)family.Prepared!).Header);

    public override void WritePoint(ScrapeBuffer buffer, MetricFamily family, FamilyMember member, MetricSnapshot snapshot, int point)
    {
        var names = (TextFamily)family.Prepared!;
        var labels = (TextLabels)member.Prepared!;
        switch (member.Stream.Type)
        {
            case MetricType.Histogram:
                WriteHistogram(buffer, names, labels, member.Stream, snapshot, point);
                break;
            case MetricType.ExponentialHistogram:
                WriteExponentialHistogram(buffer, names, labels, snapshot, point);
                break;
            default:
                WriteScalar(buffer, names, labels, member.Stream.Type, snapshot, point);
                break;
        }
    }

    public override void End(ScrapeBuffer buffer)
    {
        if (openMetrics)
        {
            buffer.WriteText(OpenMetricsEnd);
        }
    }

    private byte[] EncodeHeader(MetricFamily family)
    {
        var isNamelessCounter = openMetrics && family.Type == PrometheusType.Counter && !TextFamily.IsCounter(family);
        var name = SampleName.QuoteIfNeeded(openMetrics ? family.Name.Family : family.Name.Sample, colonAllowed: true);
        using var buffer = new ScrapeBuffer();
        buffer.Write("# TYPE "u8);
        buffer.WriteText(name);
        buffer.Write(isNamelessCounter ? " unknown\n"u8 : family.Type switch
        {
            PrometheusType.Counter => " counter\n"u8,
            PrometheusType.Histogram => " histogram\n"u8,
            _ => " gauge\n"u8,
        });
        if (openMetrics && family.Name.Unit.Length > 0)
        {
            buffer.WriteText("# UNIT " + name + ' ' + family.Name.Unit + '\n');
        }

        if (family.Help.Length > 0)
        {
            buffer.WriteText("# HELP " + name + ' ');
            if (openMetrics)
            {
                buffer.WriteEscaped(family.Help);
            }
            else
            {
                buffer.WriteEscapedExceptQuotes(family.Help);
            }

            buffer.WriteByte((byte)'\n');
        }

        return buffer.Written.ToArray();
    }

    private void WriteScalar(ScrapeBuffer buffer, TextFamily names, TextLabels labels, MetricType type, MetricSnapshot snapshot, int point)
    {
        ref readonly var record = ref snapshot.Points[point];
        var value = createdTimestamps ? snapshot.Numbers[(int)record.Value + 1] : record.Value;
        if (_writesCreated && names.IsOpenMetricsCounter)
        {
            WriteNameAndLabels(buffer, names.Created, labels, in record);
            WriteTimestamp(buffer, snapshot.Numbers[(int)record.Value]);
            buffer.WriteByte((byte)'\n');
        }

        WriteNameAndLabels(buffer, names.Sample, labels, in record);
        if (type is MetricType.LongSum or MetricType.LongSumNonMonotonic or MetricType.LongGauge)
        {
            buffer.WriteLong(value);
        }
        else
        {
            buffer.WriteDouble(BitConverter.Int64BitsToDouble(value));
        }

        if (openMetrics && names.IsOpenMetricsCounter && snapshot.Exemplars(point) is { Length: > 0 } exemplars)
        {
            OpenMetricsExemplar.Write(buffer, exemplars, double.NegativeInfinity, double.PositiveInfinity, Naming);
        }

        buffer.WriteByte((byte)'\n');
    }

    private static void WriteNameAndLabels(ScrapeBuffer buffer, SampleName name, TextLabels labels, in PointRecord record)
    {
        var start = buffer.Length;
        buffer.Write(name.WithLabels);
        var open = buffer.Length;
        labels.Write(buffer, record.Tags);
        if (buffer.Length == open)
        {
            buffer.TruncateTo(start);
            buffer.Write(name.Alone);
        }
        else
        {
            buffer.Write("} "u8);
        }
    }

    private void WriteHistogram(ScrapeBuffer buffer, TextFamily names, TextLabels labels, MetricStream stream, MetricSnapshot snapshot, int point)
    {
        ref readonly var record = ref snapshot.Points[point];
        var numbers = snapshot.Numbers.Span((int)record.Value, _numbersStart + HistogramNumbers.HeaderLength + stream.Bounds.Length)[_numbersStart..];
        var lines = new BucketLines(buffer, names.Bucket, labels, record.Tags);
        var encoded = openMetrics ? labels.OpenMetricsBuckets : labels.Buckets;
        var exemplars = openMetrics ? snapshot.Exemplars(point) : default;
        var cumulative = 0L;
        var lower = double.NegativeInfinity;
        for (var i = 0; i < encoded.Length; i++)
        {
            cumulative += numbers[HistogramNumbers.HeaderLength + i];
            lines.Write(buffer, encoded[i]);
            FinishBucket(buffer, cumulative, exemplars, lower, stream.Bounds[i]);
            lower = stream.Bounds[i];
        }

        if (encoded.Length == 0)
        {
            lines.Write(buffer, "le=\"+Inf\"} "u8);
            FinishBucket(buffer, numbers[HistogramNumbers.Count], exemplars, lower, double.PositiveInfinity);
        }

        FinishHistogram(buffer, names, in lines, numbers, snapshot, in record);
    }

    private void WriteExponentialHistogram(ScrapeBuffer buffer, TextFamily names, TextLabels labels, MetricSnapshot snapshot, int point)
    {
        ref readonly var record = ref snapshot.Points[point];
        var numbers = ExponentialBuckets.RecordAt(snapshot.Numbers, (int)record.Value + _numbersStart);
        var buckets = ExponentialBuckets.Read(numbers);
        var lines = new BucketLines(buffer, names.Bucket, labels, record.Tags);
        var exemplars = openMetrics ? snapshot.Exemplars(point) : default;
        var cumulative = buckets.ZeroCount;
        var lower = double.NegativeInfinity;
        if (buckets.ZeroCount > 0)
        {
            lines.WriteStart(buffer);
            TextLabels.WriteBucketEnd(buffer, 0, openMetrics);
            FinishBucket(buffer, cumulative, exemplars, lower, 0);
            lower = 0;
        }

        for (var i = 0; i < buckets.Counts.Length; i++)
        {
            cumulative += buckets.Counts[i];
            var upper = buckets.UpperBound(i);
            lines.WriteStart(buffer);
            TextLabels.WriteBucketEnd(buffer, upper, openMetrics);
            FinishBucket(buffer, cumulative, exemplars, lower, upper);
            lower = upper;
        }

        lines.Write(buffer, "le=\"+Inf\"} "u8);
        FinishBucket(buffer, numbers[HistogramNumbers.Count], exemplars, lower, double.PositiveInfinity);
        FinishHistogram(buffer, names, in lines, numbers, snapshot, in record);
    }

    private void FinishBucket(ScrapeBuffer buffer, long cumulative, ReadOnlySpan<ExemplarRecord> exemplars, double lower, double upper)
    {
        buffer.WriteLong(cumulative);
        if (exemplars.Length > 0)
        {
            OpenMetricsExemplar.Write(buffer, exemplars, lower, upper, Naming);
        }

        buffer.WriteByte((byte)'\n');
    }

    private void FinishHistogram(ScrapeBuffer buffer, TextFamily names, in BucketLines lines, ReadOnlySpan<long> numbers, MetricSnapshot snapshot, in PointRecord record)
    {
        var hasSum = HistogramNumbers.TryGetSum(numbers, out var sum);
        if (hasSum)
        {
            lines.WriteNameAndLabels(buffer, names.Sum);
            buffer.WriteDouble(sum);
            buffer.WriteByte((byte)'\n');
        }

        // OpenMetrics forbids the one without the other.
        if (hasSum || !openMetrics)
        {
            lines.WriteNameAndLabels(buffer, names.Count);
            buffer.WriteLong(numbers[HistogramNumbers.Count]);
            buffer.WriteByte((byte)'\n');
        }

        if (_writesCreated)
        {
            lines.WriteNameAndLabels(buffer, names.Created);
            WriteTimestamp(buffer, snapshot.Numbers[(int)record.Value]);
            buffer.WriteByte((byte)'\n');
        }
    }

    private static void WriteTimestamp(ScrapeBuffer buffer, long utcTicks) =>
        UnixSeconds.Write(buffer, new DateTimeOffset(utcTicks, TimeSpan.Zero));
}
