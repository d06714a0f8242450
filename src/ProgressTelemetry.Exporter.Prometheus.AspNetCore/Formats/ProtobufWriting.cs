using System.Buffers.Binary;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>The wire types of protobuf that the scrape formats need. See https://protobuf.dev/programming-guides/encoding/.</summary>
internal static class ProtobufWriting
{
    public static void WriteVarint(this ScrapeBuffer buffer, ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        var length = 0;
        while (value >= 0x80)
        {
            bytes[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[length++] = (byte)value;
        buffer.Write(bytes[..length]);
    }

    public static void WriteSigned(this ScrapeBuffer buffer, long value) => buffer.WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    public static void WriteVarintField(this ScrapeBuffer buffer, int field, ulong value)
    {
        buffer.WriteVarint((ulong)field << 3);
        buffer.WriteVarint(value);
    }

    public static void WriteSignedField(this ScrapeBuffer buffer, int field, long value)
    {
        buffer.WriteVarint((ulong)field << 3);
        buffer.WriteSigned(value);
    }

    public static void WriteDoubleField(this ScrapeBuffer buffer, int field, double value)
    {
        Span<byte> bytes = stackalloc byte[9];
        bytes[0] = (byte)((field << 3) | 1);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[1..], value);
        buffer.Write(bytes);
    }

    public static void WriteTextField(this ScrapeBuffer buffer, int field, string text)
    {
        var start = buffer.BeginField(field);
        buffer.WriteText(text);
        buffer.EndField(start);
    }

    /// <summary>Begins a field whose length is not known yet: a message or a text. The result goes to <see cref="EndField"/>.</summary>
    public static int BeginField(this ScrapeBuffer buffer, int field)
    {
        buffer.WriteVarint(((ulong)field << 3) | 2);
        buffer.WriteByte(0);
        return buffer.Length;
    }

    /// <summary>Sets the field's length. Most are shorter than 128 bytes and stay where they are.</summary>
    public static void EndField(this ScrapeBuffer buffer, int start)
    {
        var length = (ulong)(buffer.Length - start);
        if (length < 0x80)
        {
            buffer.Patch(start - 1, (byte)length);
            return;
        }

        var further = 0;
        for (var rest = length >> 7; rest > 0; rest >>= 7)
        {
            further++;
        }

        buffer.Shift(start, further);
        for (var i = 0; i <= further; i++)
        {
            buffer.Patch(start - 1 + i, (byte)((length & 0x7F) | (i < further ? 0x80u : 0)));
            length >>= 7;
        }
    }
}
