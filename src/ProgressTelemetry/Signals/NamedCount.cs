namespace ProgressTelemetry.Signals;

/// <summary>A counter with its label set.</summary>
internal sealed class NamedCount(KeyValuePair<string, object?>[] tags)
{
    private long _count;

    public KeyValuePair<string, object?>[] Tags { get; } = tags;

    public long Count => Volatile.Read(ref _count);

    public void Add(long count) => Interlocked.Add(ref _count, count);
}
