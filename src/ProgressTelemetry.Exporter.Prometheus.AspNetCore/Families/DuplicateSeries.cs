using System.Buffers;
using ProgressTelemetry.Exporter.Prometheus.Collection;

namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>Finds series of a family that read the same, which Prometheus would refuse: only the first is exposed.</summary>
internal static class DuplicateSeries
{
    /// <summary>The points to leave out, or null when there are none; families whose points cannot meet are not even looked at.</summary>
    public static HashSet<int>? Find(MetricFamily family, MetricSnapshot snapshot)
    {
        if (!family.MembersMayCollide && !family.Members.Any(member => member.Stream.Keys.MayCollide || LabelSet.NeedsMerging(member)))
        {
            return null;
        }

        // 20 bytes a series, until this family has been looked through.
        var count = family.Members.Sum(member => snapshot.Metrics[member.Index].PointCount);
        var identities = ArrayPool<UInt128>.Shared.Rent(count);
        var points = ArrayPool<int>.Shared.Rent(count);
        try
        {
            Identify(family, snapshot, identities, points);
            Array.Sort(identities, points, 0, count);
            return Repeated(identities.AsSpan(0, count), points);
        }
        finally
        {
            ArrayPool<UInt128>.Shared.Return(identities);
            ArrayPool<int>.Shared.Return(points);
        }
    }

    private static void Identify(MetricFamily family, MetricSnapshot snapshot, UInt128[] identities, int[] points)
    {
        using var identity = new SeriesIdentity();
        var next = 0;
        foreach (var member in family.Members)
        {
            var entry = snapshot.Metrics[member.Index];
            for (var point = entry.FirstPoint; point < entry.FirstPoint + entry.PointCount; point++)
            {
                points[next] = point;
                identities[next++] = identity.Of(LabelSet.Of(member, snapshot.Points[point].Tags));
            }
        }
    }

    /// <summary>Of each run of equal identities, all points but the first of the snapshot.</summary>
    private static HashSet<int>? Repeated(ReadOnlySpan<UInt128> identities, int[] points)
    {
        HashSet<int>? repeated = null;
        var first = points[0];
        for (var i = 1; i < identities.Length; i++)
        {
            if (identities[i] != identities[i - 1])
            {
                first = points[i];
                continue;
            }

            (repeated ??= []).Add(Math.Max(first, points[i]));
            first = Math.Min(first, points[i]);
        }

        return repeated;
    }
}
