using System.Collections.Concurrent;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>
/// How far other processes' clocks are from this one's, where that is more than calls to a store take: when they were at a run is put right by it, so that those who worked side by side did not work one after the other. Written by the pump.
/// </summary>
internal sealed class ClockSkews(TrackerClock clock)
{
    /// <summary>Putting a share and reading it take so long at most: clocks that seem no further apart are taken for the same.</summary>
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(30);

    /// <summary>A store that says so knows nothing of the share's age.</summary>
    private static readonly TimeSpan LongestAge = TimeSpan.FromDays(3650);

    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, TimeSpan> _skews = new(StringComparer.Ordinal);

    /// <summary>The share with its participant's own moments as this process's clock showed them.</summary>
    /// <param name="share">Another process's share.</param>
    /// <param name="age">How long ago the store was given it, by the store's clock.</param>
    public RunShare PutRight(RunShare share, TimeSpan age)
    {
        var process = share.Instance ?? share.Participant;
        var skew = _skews.GetValueOrDefault(process);
        if (share.PutAt is { } put && age < LongestAge && age > -LongestAge && clock.ToWall(clock.Now) - put - age is var seen && (seen - skew).Duration() > Tolerated)
        {
            skew = Note(process, seen);
        }

        return skew == TimeSpan.Zero ? share : Shifted(share, skew);
    }

    private TimeSpan Note(string process, TimeSpan seen)
    {
        if (seen.Duration() <= Tolerated)
        {
            _skews.TryRemove(process, out _);
            return TimeSpan.Zero;
        }

        // Of processes that are no more nothing need be known: their next share, if there is one, tells it again.
        if (_skews.Count >= Most)
        {
            _skews.Clear();
        }

        _skews[process] = seen;
        return seen;
    }

    // What it says of itself. What it tells of the run it may have heard of others, who would not know it again if it came back to them as another moment.
    private static RunShare Shifted(RunShare share, TimeSpan ahead) =>
        share with { JoinedAt = Shifted(share.JoinedAt, ahead), UpdatedAt = Shifted(share.UpdatedAt, ahead), LeftAt = share.LeftAt is { } left ? Shifted(left, ahead) : null };

    // What a store tells may be anything.
    private static DateTimeOffset Shifted(DateTimeOffset moment, TimeSpan ahead) =>
        new(Math.Clamp(moment.UtcTicks + ahead.Ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
}
