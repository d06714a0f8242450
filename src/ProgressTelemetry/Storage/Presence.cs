using System.Collections.Concurrent;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>When other processes last told that they are there, as far as was heard here. Read from any thread, written by the pump.</summary>
/// <param name="instance">This process, which is always there.</param>
/// <param name="clock">The clock.</param>
internal sealed class Presence(string instance, TrackerClock clock)
{
    /// <summary>Who tells nothing for longer has gone, s.</summary>
    public const double AliveFor = 30;

    /// <summary>A participant is there with its process for so long after its last share, s: it puts one sooner, unless that was lost.</summary>
    private const double LongestQuiet = 2 * ShareWriter.LongestQuiet;

    private readonly ConcurrentDictionary<string, long> _heard = new(StringComparer.Ordinal);

    public string Instance => instance;

    /// <summary>When a participant was last heard of: through its share, or its process.</summary>
    /// <param name="share">Its newest share.</param>
    /// <param name="heard">When that was put.</param>
    public long LastHeard(RunShare share, long heard)
    {
        var process = share.Instance is null || clock.Seconds(heard, clock.Now) > LongestQuiet ? heard
            : share.Instance == instance ? clock.Now
            : _heard.GetValueOrDefault(share.Instance, heard);
        return Math.Max(heard, process);
    }

    public bool IsLate(long heard) => clock.Seconds(heard, clock.Now) > AliveFor;

    public void Hear(IReadOnlyDictionary<string, TimeSpan> ages)
    {
        foreach (var (process, age) in ages)
        {
            var heard = clock.Add(clock.Now, -age.TotalSeconds);
            _heard.AddOrUpdate(process, heard, (_, before) => Math.Max(before, heard));
        }

        foreach (var late in _heard.Where(process => IsLate(process.Value)))
        {
            _heard.TryRemove(late);
        }
    }
}
