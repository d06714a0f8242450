using System.Buffers.Binary;
using System.Security.Cryptography;
using ProgressTelemetry.Exporter.Prometheus.Formats;

namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>Tells series apart as Prometheus does: by 128 bits of a hash of their labels, so that none has to be held as text.</summary>
internal sealed class SeriesIdentity : IDisposable
{
    // Stands in no UTF-8 text.
    private const byte End = 0xFF;
    private readonly ScrapeBuffer _text = new();

    /// <summary>The same for the same labels, whatever their order. Sorts them.</summary>
    public UInt128 Of(List<Label> labels)
    {
        _text.Clear();
        labels.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        foreach (var (name, value) in labels)
        {
            // To Prometheus an empty label is an absent one.
            if (value.Length > 0)
            {
                _text.WriteText(name);
                _text.WriteByte(End);
                _text.WriteText(value);
                _text.WriteByte(End);
            }
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_text.Written.Span, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    public void Dispose() => _text.Dispose();
}
