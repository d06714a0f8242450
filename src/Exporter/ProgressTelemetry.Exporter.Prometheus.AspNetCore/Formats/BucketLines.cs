using OpenTelemetry;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>
/// The lines of one histogram point, whose labels are encoded once: the first line writes them, the others repeat those bytes from the buffer.
/// </summary>
internal readonly struct BucketLines
{
    private readonly int _start;
    private readonly int _nameLength;
    private readonly int _labelsLength;

    public BucketLines(ScrapeBuffer buffer, SampleName bucket, TextLabels labels, ReadOnlyTagCollection tags)
    {
        _start = buffer.Length;
        buffer.Write(bucket.WithLabels);
        _nameLength = buffer.Length - _start;
        labels.Write(buffer, tags);
        _labelsLength = buffer.Length - _start - _nameLength;
        if (_labelsLength > 0)
        {
            buffer.WriteByte((byte)',');
        }
    }

    private int StartLength => _nameLength + _labelsLength + (_labelsLength > 0 ? 1 : 0);

    /// <summary>Writes a bucket's line up to where its <c>le</c> label begins. The first line's beginning is there already.</summary>
    public void WriteStart(ScrapeBuffer buffer)
    {
        if (buffer.Length > _start + StartLength)
        {
            buffer.Repeat(_start, StartLength);
        }
    }

    public void Write(ScrapeBuffer buffer, ReadOnlySpan<byte> bucketEnd)
    {
        WriteStart(buffer);
        buffer.Write(bucketEnd);
    }

    /// <summary>Writes another of the histogram's names with the same labels.</summary>
    public void WriteNameAndLabels(ScrapeBuffer buffer, SampleName name)
    {
        if (_labelsLength == 0)
        {
            buffer.Write(name.Alone);
            return;
        }

        buffer.Write(name.WithLabels);
        buffer.Repeat(_start + _nameLength, _labelsLength);
        buffer.Write("} "u8);
    }
}
