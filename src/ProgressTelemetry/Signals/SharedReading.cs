using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Signals;

/// <summary>What several instruments of one collection read, computed once for all that read within a moment; one that reads again gets a new reading, so none is ever stale for long.</summary>
internal sealed class SharedReading<T>(TrackerClock clock, Func<long, T> read)
{
    /// <summary>The instruments of one collection read within this time, s.</summary>
    private const double SameMoment = .01;

    private readonly Lock _gate = new();
    private T? _value;
    private long _at;
    private long _readers;

    /// <param name="reader">The instrument's number, 0 to 63.</param>
    public T Get(int reader)
    {
        lock (_gate)
        {
            // Read under the lock: of two collections at once, the second must not read at an earlier moment.
            var now = clock.Now;
            if (_readers == 0 || (_readers & (1L << reader)) != 0 || clock.Seconds(_at, now) > SameMoment)
            {
                (_value, _at, _readers) = (read(now), now, 0);
            }

            _readers |= 1L << reader;
            return _value!;
        }
    }
}
