using System.Buffers.Binary;
using System.Text;

namespace ProgressTelemetry.TestSupport;

/// <summary>Reads a protobuf message into its fields, knowing nothing of their meaning.</summary>
public sealed class ProtobufMessage
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

    public ProtobufMessage(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var tag = Varint(ref bytes);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    _fields.Add((field, Varint(ref bytes), []));
                    break;
                case 1:
                    _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(bytes), []));
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref bytes);
                    _fields.Add((field, 0, bytes[..length].ToArray()));
                    bytes = bytes[length..];
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7}");
            }
        }
    }

    /// <summary>The messages of a delimited stream.</summary>
    public static List<ProtobufMessage> Delimited(ReadOnlySpan<byte> bytes)
    {
        var messages = new List<ProtobufMessage>();
        while (bytes.Length > 0)
        {
            var length = (int)Varint(ref bytes);
            messages.Add(new ProtobufMessage(bytes[..length]));
            bytes = bytes[length..];
        }

        return messages;
    }

    public bool Has(int field) => _fields.Exists(f => f.Field == field);

    public string Text(int field) => Encoding.UTF8.GetString(_fields.Single(f => f.Field == field).Bytes);

    public ulong Number(int field) => _fields.Single(f => f.Field == field).Number;

    public double Fraction(int field) => BitConverter.UInt64BitsToDouble(Number(field));

    public long ZigZagged(int field) => ZigZag(Number(field));

    public List<ProtobufMessage> Messages(int field) => [.. _fields.Where(f => f.Field == field).Select(f => new ProtobufMessage(f.Bytes))];

    public List<long> PackedZigZagged(int field)
    {
        var values = new List<long>();
        foreach (var packed in _fields.Where(f => f.Field == field))
        {
            ReadOnlySpan<byte> rest = packed.Bytes;
            while (rest.Length > 0)
            {
                values.Add(ZigZag(Varint(ref rest)));
            }
        }

        return values;
    }

    private static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7F) << shift;
            shift += 7;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
