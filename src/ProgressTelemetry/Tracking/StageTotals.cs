using System.Runtime.InteropServices;

namespace ProgressTelemetry.Tracking;

/// <summary>What the runs of a pair of workflow and stage add up to.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct StageTotals
{
    /// <summary>Tasks ended, by result.</summary>
    public ResultTally Tasks;

    /// <summary>Seconds of the runs' wall-clock time that are the stage's.</summary>
    public double Wall;

    /// <summary>Seconds in declared waits.</summary>
    public double Wait;

    /// <summary>Tasks ended per second of late.</summary>
    public double Throughput;
}

/// <summary>The rate of a growing count over about the last minute, from samples at least some seconds apart. Not thread-safe.</summary>
internal sealed class RecentRate
{
    private const double Window = 60, Spacing = 5;
    private readonly TrackerClock _clock;
    private readonly Queue<(long At, long Count)> _samples = new();
    private long _latest;

    public RecentRate(TrackerClock clock, long now)
    {
        (_clock, _latest) = (clock, now);
        _samples.Enqueue((now, 0));
    }

    /// <summary>The count's growth per second up to now; 0 at the very start.</summary>
    public double Next(long count, long now)
    {
        while (_samples.Count > 1 && _clock.Seconds(_samples.ElementAt(1).At, now) >= Window)
        {
            _samples.Dequeue();
        }

        var (at, before) = _samples.Peek();
        if (_clock.Seconds(_latest, now) >= Spacing)
        {
            _samples.Enqueue((now, count));
            _latest = now;
        }

        var seconds = _clock.Seconds(at, now);
        return seconds > 0 ? (count - before) / seconds : 0;
    }
}
