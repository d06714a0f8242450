using System.Text;
using OpenTelemetry;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Families;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>Writes the label pairs of a member's series, with everything encoded beforehand that the series have in common.</summary>
internal sealed class ProtobufLabels(FamilyMember member)
{
    private const int NameField = 1;
    private const int ValueField = 2;
    private readonly byte[] _constant = Encode(buffer => Write(buffer, 1, member.ConstantLabels));
    private volatile byte[][] _names = [];

    /// <summary>Writes the labels of one point as the field <c>Metric.label</c>.</summary>
    public void Write(ScrapeBuffer buffer, ReadOnlyTagCollection tags)
    {
        if (LabelSet.NeedsMerging(member))
        {
            Write(buffer, 1, LabelSet.Of(member, tags));
            return;
        }

        buffer.Write(_constant);

        var entries = member.Stream.Keys.Entries;
        var names = Names();
        var expected = 0;
        foreach (var (key, value) in tags)
        {
            var index = AttributeKeys.IndexOf(entries, key, expected);
            expected = index + 1;
            var pair = buffer.BeginField(1);
            buffer.Write(names[index]);
            var text = buffer.BeginField(ValueField);
            WriteValue(buffer, value);
            buffer.EndField(text);
            buffer.EndField(pair);
        }
    }

    /// <summary>How many bytes <see cref="Write(ScrapeBuffer, ReadOnlyTagCollection)"/> will write, when that is to be had without writing them: all values are strings, and none has to be merged with another.</summary>
    public bool TryMeasure(ReadOnlyTagCollection tags, out int length)
    {
        length = _constant.Length;
        if (LabelSet.NeedsMerging(member))
        {
            return false;
        }

        var entries = member.Stream.Keys.Entries;
        var names = Names();
        var expected = 0;
        foreach (var (key, value) in tags)
        {
            if (value is not string text)
            {
                return false;
            }

            var index = AttributeKeys.IndexOf(entries, key, expected);
            expected = index + 1;
            length += ProtobufWriting.FieldLength(names[index].Length + ProtobufWriting.FieldLength(Encoding.UTF8.GetByteCount(text)));
        }

        return true;
    }

    public static void Write(ScrapeBuffer buffer, int field, IEnumerable<Label> labels)
    {
        foreach (var (name, value) in labels)
        {
            var pair = buffer.BeginField(field);
            buffer.WriteTextField(NameField, name);
            buffer.WriteTextField(ValueField, value);
            buffer.EndField(pair);
        }
    }

    private static void WriteValue(ScrapeBuffer buffer, object? value)
    {
        switch (value)
        {
            case string text:
                buffer.WriteText(text);
                break;
            case int number:
                buffer.WriteLong(number);
                break;
            case long number:
                buffer.WriteLong(number);
                break;
            default:
                buffer.WriteText(AttributeText.Of(value));
                break;
        }
    }

    private static byte[] Encode(Action<ScrapeBuffer> write)
    {
        using var buffer = new ScrapeBuffer();
        write(buffer);
        return buffer.Written.ToArray();
    }

    private byte[][] Names()
    {
        var names = _names;
        var labels = member.Names.Labels;
        if (names.Length < labels.Length)
        {
            _names = names = [.. labels.Select(label => Encode(buffer => buffer.WriteTextField(NameField, label)))];
        }

        return names;
    }
}
