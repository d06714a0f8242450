using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>
/// The bytes of a response that are not sent yet. The writer of the response sends them whenever <see cref="IsFull"/>, so that the buffer
/// outgrows its usual size only by what one point of one metric needs.
/// </summary>
internal sealed class ScrapeBuffer : IDisposable
{
    private const int UsualSize = 64 * 1024;
    private const int FullAt = 48 * 1024;
    private static readonly SearchValues<byte> Escaped = SearchValues.Create("\\\"\n"u8);
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(UsualSize);

    public int Length { get; private set; }

    public bool IsFull => Length >= FullAt;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > UsualSize)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(UsualSize);
        }
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    public void WriteByte(byte value)
    {
        Ensure(1);
        _bytes[Length++] = value;
    }

    /// <summary>Two bytes at once: what a short field begins with.</summary>
    public void WriteBytes(byte first, byte second)
    {
        Ensure(2);
        var bytes = _bytes;
        var length = Length;
        bytes[length] = first;
        bytes[length + 1] = second;
        Length = length + 2;
    }

    /// <summary>Eight bytes of a double, the lowest first.</summary>
    public void WriteLittleEndian(double value)
    {
        Ensure(sizeof(double));
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(Length), value);
        Length += sizeof(double);
    }

    /// <summary>Writes once more what stands at <paramref name="start"/>.</summary>
    public void Repeat(int start, int length)
    {
        Ensure(length);
        _bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(Length));
        Length += length;
    }

    /// <summary>Takes back what was written after <paramref name="length"/>.</summary>
    public void TruncateTo(int length) => Length = length;

    /// <summary>Overwrites one byte that was written before.</summary>
    public void Patch(int position, byte value) => _bytes[position] = value;

    /// <summary>Makes room for <paramref name="count"/> bytes at <paramref name="start"/>.</summary>
    public void Shift(int start, int count)
    {
        Ensure(count);
        _bytes.AsSpan(start, Length - start).CopyTo(_bytes.AsSpan(start + count));
        Length += count;
    }

    public void WriteLong(long value)
    {
        Ensure(20);
        Utf8Formatter.TryFormat(value, _bytes.AsSpan(Length), out var written);
        Length += written;
    }

    /// <summary>Writes the shortest text that reads back as the same number.</summary>
    public void WriteDouble(double value)
    {
        if (double.IsFinite(value))
        {
            // A whole number below 2^53 takes the much faster path; negative zero keeps its sign on the other one.
            if (Math.Abs(value) < 9007199254740992 && (long)value == value && (value != 0 || !double.IsNegative(value)))
            {
                WriteLong((long)value);
                return;
            }

            Ensure(32);
            value.TryFormat(_bytes.AsSpan(Length), out var written, default, System.Globalization.CultureInfo.InvariantCulture);
            Length += written;
        }
        else
        {
            Write(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8);
        }
    }

    /// <summary>Writes text as it is; what is not valid UTF-16 becomes U+FFFD.</summary>
    public void WriteText(ReadOnlySpan<char> text)
    {
        Ensure(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(Length));
    }

    /// <summary>Writes text with a backslash before each backslash and quote, and newlines as <c>\n</c>.</summary>
    public void WriteEscaped(ReadOnlySpan<char> text)
    {
        var start = Length;
        WriteText(text);
        var written = _bytes.AsSpan(start, Length - start);
        if (written.ContainsAny(Escaped))
        {
            EscapeFrom(start, quotes: true);
        }
    }

    /// <summary>As <see cref="WriteEscaped"/>, leaving quotes as they are.</summary>
    public void WriteEscapedExceptQuotes(ReadOnlySpan<char> text)
    {
        var start = Length;
        WriteText(text);
        EscapeFrom(start, quotes: false);
    }

    private void EscapeFrom(int start, bool quotes)
    {
        var plain = _bytes.AsSpan(start, Length - start).ToArray();
        Length = start;
        Ensure(plain.Length * 2);
        foreach (var b in plain)
        {
            if (b == '\\' || b == '\n' || (quotes && b == '"'))
            {
                _bytes[Length++] = (byte)'\\';
                _bytes[Length++] = b == '\n' ? (byte)'n' : b;
            }
            else
            {
                _bytes[Length++] = b;
            }
        }
    }

    private void Ensure(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Grow(count);
        }
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + count));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
