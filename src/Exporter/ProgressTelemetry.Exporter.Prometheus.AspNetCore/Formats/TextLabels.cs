using OpenTelemetry;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Families;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>Writes the labels of a member's series, with everything encoded beforehand that the series have in common.</summary>
internal sealed class TextLabels
{
    private readonly FamilyMember _member;
    private readonly byte[] _constant;
    private volatile byte[][] _names = [];

    public TextLabels(FamilyMember member)
    {
        _member = member;
        _constant = TextFamily.EncodeLabels(member.ConstantLabels);
        Buckets = EncodeBuckets(member.Stream.Bounds, openMetrics: false);
        OpenMetricsBuckets = EncodeBuckets(member.Stream.Bounds, openMetrics: true);
    }

    /// <summary>For each bucket: its <c>le</c> label, the closing brace and a space.</summary>
    public byte[][] Buckets { get; }

    /// <summary>As <see cref="Buckets"/>, with whole numbers written as <c>1.0</c>.</summary>
    public byte[][] OpenMetricsBuckets { get; }

    /// <summary>Writes the labels of one point without braces.</summary>
    public void Write(ScrapeBuffer buffer, ReadOnlyTagCollection tags)
    {
        if (LabelSet.NeedsMerging(_member))
        {
            buffer.Write(TextFamily.EncodeLabels(LabelSet.Of(_member, tags)));
            return;
        }

        buffer.Write(_constant);
        var isFirst = _constant.Length == 0;

        var entries = _member.Stream.Keys.Entries;
        var names = Names();
        var expected = 0;
        foreach (var (key, value) in tags)
        {
            var index = AttributeKeys.IndexOf(entries, key, expected);
            expected = index + 1;
            buffer.Write(isFirst ? names[index].AsSpan(1) : names[index]);
            isFirst = false;
            WriteValue(buffer, value);
            buffer.WriteByte((byte)'"');
        }
    }

    /// <summary>Writes one <c>le</c> label and what closes the braces.</summary>
    public static void WriteBucketEnd(ScrapeBuffer buffer, double bound, bool openMetrics)
    {
        buffer.Write("le=\""u8);
        buffer.WriteDouble(bound);
        if (openMetrics && double.IsFinite(bound) && IsWholeNumber(bound))
        {
            buffer.Write(".0"u8);
        }

        buffer.Write("\"} "u8);
    }

    private static bool IsWholeNumber(double bound) => Math.Abs(bound) < 9007199254740992 && Math.Floor(bound) == bound;

    private static byte[][] EncodeBuckets(double[] bounds, bool openMetrics)
    {
        using var buffer = new ScrapeBuffer();
        var encoded = new byte[bounds.Length][];
        for (var i = 0; i < bounds.Length; i++)
        {
            buffer.Clear();
            WriteBucketEnd(buffer, bounds[i], openMetrics);
            encoded[i] = buffer.Written.ToArray();
        }

        return encoded;
    }

    private static void WriteValue(ScrapeBuffer buffer, object? value)
    {
        switch (value)
        {
            case string text:
                buffer.WriteEscaped(text);
                break;
            case int number:
                buffer.WriteLong(number);
                break;
            case long number:
                buffer.WriteLong(number);
                break;
            case bool flag:
                buffer.Write(flag ? "true"u8 : "false"u8);
                break;
            default:
                buffer.WriteEscaped(AttributeText.Of(value));
                break;
        }
    }

    private byte[][] Names()
    {
        var names = _names;
        var labels = _member.Names.Labels;
        if (names.Length < labels.Length)
        {
            _names = names = [.. labels.Select(TextFamily.EncodeLabelName)];
        }

        return names;
    }
}
