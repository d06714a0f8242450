using System.Collections.Concurrent;
using System.Globalization;
using static ProgressTelemetry.Signals.SignalNames;

namespace ProgressTelemetry.Signals;

/// <summary>
/// Tells trackers of one process apart. A metrics SDK hears all meters of a name, and merges equal ones: with two trackers (two hosts in one process, two load contexts with a copy of this library each) the last one would win.
/// The first tracker's meters have no tags; further ones, while it lives, carry <c>progress.tracker.instance</c>, which makes series of their own.
/// </summary>
internal sealed class TrackerSlot : IDisposable
{
    private readonly string _key;

    private TrackerSlot(string key, int number) => (_key, Number) = (key, number);

    public int Number { get; }

    public KeyValuePair<string, object?>[]? MeterTags => Number == 1 ? null : [new(Attributes.TrackerInstance, Number.ToString(CultureInfo.InvariantCulture))];

    public static TrackerSlot Take(string suffix)
    {
        for (var number = 1; ; number++)
        {
            var key = suffix + "/" + number.ToString(CultureInfo.InvariantCulture);
            if (Taken.TryAdd(key, true))
            {
                return new TrackerSlot(key, number);
            }
        }
    }

    public void Dispose() => Taken.TryRemove(_key, out _);

    // Of the process, not of this copy of the library: only types of the runtime's own are the same in all load contexts.
    private static ConcurrentDictionary<string, bool> Taken
    {
        get
        {
            const string Name = "ProgressTelemetry.Trackers";
#pragma warning disable MA0064 // The one object that all copies of this library in the process share; held for two reads
            lock (AppDomain.CurrentDomain)
#pragma warning restore MA0064
            {
                if (AppContext.GetData(Name) is not ConcurrentDictionary<string, bool> taken)
                {
                    AppContext.SetData(Name, taken = new(StringComparer.Ordinal));
                }

                return taken;
            }
        }
    }
}
