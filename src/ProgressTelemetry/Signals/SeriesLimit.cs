using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Signals;

/// <summary>
/// How many label sets one instrument may still get. A metrics SDK gives each instrument a fixed number of them and silently merges what comes later; past this limit, which is lower, names are folded into
/// <c>_other</c> instead, counted once a name and logged once.
/// </summary>
internal sealed class SeriesLimit(string instrument, TrackerErrors errors)
{
    private int _used;

    public bool HasPlenty => Volatile.Read(ref _used) < TrackerSettings.MostSeries / 2;

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _used) <= TrackerSettings.MostSeries)
        {
            return true;
        }

        Interlocked.Decrement(ref _used);
        return false;
    }

    /// <summary>A name got no label set of its own.</summary>
    public void Folded() =>
        errors.AddQuietly(TrackerErrors.DefinitionFolded, () => $"{instrument} has {TrackerSettings.MostSeries} label sets; further ones are counted as '{SignalNames.Other}'");
}
