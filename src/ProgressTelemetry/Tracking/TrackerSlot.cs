using static ProgressTelemetry.Instrumentation.SignalNames;

namespace ProgressTelemetry.Tracking;

/// <summary>
/// Tells trackers of one process apart. A metrics SDK hears all meters of a name, and merges equal ones: with two trackers (two hosts in one process) the last one would win. The first tracker's meters have no tags; further ones,
/// while it lives, carry <c>progress.tracker.instance</c>, which makes series of their own.
/// </summary>
internal sealed class TrackerSlot : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<(string Suffix, int Number)> Taken = [];
    private readonly (string Suffix, int Number) _own;

    private TrackerSlot((string Suffix, int Number) own) => _own = own;

    public KeyValuePair<string, object?>[]? MeterTags => _own.Number == 1 ? null : [new(Attributes.TrackerInstance, _own.Number.ToString())];

    public static TrackerSlot Take(string suffix)
    {
        lock (Gate)
        {
            var number = 1;
            while (!Taken.Add((suffix, number)))
            {
                number++;
            }

            return new TrackerSlot((suffix, number));
        }
    }

    public void Dispose()
    {
        lock (Gate)
        {
            Taken.Remove(_own);
        }
    }
}
