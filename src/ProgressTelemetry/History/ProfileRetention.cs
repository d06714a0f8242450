using System.Collections.Immutable;

namespace ProgressTelemetry.History;

/// <summary>
/// Which profiles of a workflow are kept: the newest, for what they teach. Beyond the capacity the oldest goes that teaches nothing (<see cref="RunProfile.Teaches"/>), and only when all teach the oldest of them: so any number of
/// resumed runs leaves the full ones where they are.
/// </summary>
internal static class ProfileRetention
{
    /// <summary>The profiles with one that is newer than all of them, newest first.</summary>
    public static ImmutableArray<RunProfile> Add(ImmutableArray<RunProfile> profiles, RunProfile newest, int capacity)
    {
        var kept = profiles.Insert(0, newest);
        while (kept.Length > capacity)
        {
            var i = kept.Length - 1;
            while (i >= 0 && kept[i].Teaches)
                i--;
            kept = kept.RemoveAt(i >= 0 ? i : kept.Length - 1);
        }

        return kept;
    }
}
