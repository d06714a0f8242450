using System.Collections.Concurrent;

namespace ProgressTelemetry.Signals;

/// <summary>Counters by name, bounded: past the limit, names share one.</summary>
internal sealed class NamedCounts(SeriesLimit limit, NamedCount folded, Func<string, KeyValuePair<string, object?>[]> tags)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, NamedCount> _counts = new(StringComparer.Ordinal);

    public IEnumerable<NamedCount> All => _counts.Select(pair => pair.Value);

    /// <summary>The name's counter, at 0 when it is new.</summary>
    public NamedCount Of(string name)
    {
        if (_counts.TryGetValue(name, out var known))
        {
            return known;
        }

        lock (_gate)
        {
            if (_counts.TryGetValue(name, out known))
            {
                return known;
            }

            if (limit.TryTake())
            {
                return _counts[name] = new NamedCount(tags(name));
            }
        }

        limit.Folded();
        return folded;
    }
}
