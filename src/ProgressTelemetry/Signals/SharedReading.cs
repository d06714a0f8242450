using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Signals;

/// <summary>
/// What several instruments of one collection read, computed once for them. A collection asks its instruments in the order in which they were made, so whoever asks out of that order belongs to another collection, and gets a new
/// reading: none sees less than what was done before it began.
/// </summary>
internal sealed class SharedReading<T>(TrackerClock clock, Func<long, T> read)
{
    /// <summary>The instruments of one collection read within this time, s.</summary>
    private const double SameMoment = .01;

    private readonly Lock _gate = new();
    private T? _value;
    private long _at;
    private int _last = int.MaxValue;

    /// <param name="reader">The instrument's place in the order in which the instruments were made.</param>
    public T Get(int reader)
    {
        lock (_gate)
        {
            // Read under the lock: of two collections at once, the second must not read at an earlier moment.
            var now = clock.Now;
            if (reader <= _last || clock.Seconds(_at, now) > SameMoment)
            {
                // Of very many runs a reading takes longer than that: it is the time since then that tells collections apart.
                _value = read(now);
                _at = clock.Now;
            }

            _last = reader;
            return _value!;
        }
    }
}
