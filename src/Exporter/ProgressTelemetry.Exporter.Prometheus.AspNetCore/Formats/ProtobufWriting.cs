namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>The wire types of protobuf that the scrape formats need. See https://protobuf.dev/programming-guides/encoding/.</summary>
internal static class ProtobufWriting
{
    public static void WriteVarint(this ScrapeBuffer buffer, ulong value)
    {
        // Tags, and the lengths of names and most values.
        if (value < 0x80)
        {
            buffer.WriteByte((byte)value);
            return;
        }

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
        buffer.WriteVarint(((ulong)field << 3) | 1);
        buffer.WriteLittleEndian(value);
    }

    public static void WriteTextField(this ScrapeBuffer buffer, int field, string text)
    {
        var start = buffer.BeginField(field);
        buffer.WriteText(text);
        buffer.EndField(start);
    }

    /// <summary>Bytes of a whole field with a number below 16, from those of its content.</summary>
    public static int FieldLength(int content)
    {
        var length = 2 + content;
        for (var rest = content >> 7; rest > 0; rest >>= 7)
        {
            length++;
        }

        return length;
    }

    /// <summary>Begins a field whose length is not known yet: a message or a text. The result goes to <see cref="EndField"/>.</summary>
    public static int BeginField(this ScrapeBuffer buffer, int field)
    {
        const int OneByteFields = 16;
        var tag = (field << 3) | 2;
        if (field < OneByteFields)
        {
            buffer.WriteBytes((byte)tag, 0);
        }
        else
        {
            buffer.WriteVarint((ulong)tag);
            buffer.WriteByte(0);
        }

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
