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

        // 12 bytes a series, until this family has been looked through.
        var count = family.Members.Sum(member => snapshot.Metrics[member.Index].PointCount);
        var hashes = ArrayPool<int>.Shared.Rent(count);
        var places = ArrayPool<Place>.Shared.Rent(count);
        try
        {
            Hash(family, snapshot, hashes, places);
            Array.Sort(hashes, places, 0, count);
            return Repeated(family, snapshot, hashes.AsSpan(0, count), places);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(hashes);
            ArrayPool<Place>.Shared.Return(places);
        }
    }

    private static void Hash(MetricFamily family, MetricSnapshot snapshot, int[] hashes, Place[] places)
    {
        var labels = new List<Label>();
        var next = 0;
        for (var member = 0; member < family.Members.Count; member++)
        {
            var entry = snapshot.Metrics[family.Members[member].Index];
            for (var point = entry.FirstPoint; point < entry.FirstPoint + entry.PointCount; point++)
            {
                LabelSet.Read(family.Members[member], snapshot.Points[point].Tags, labels);
                places[next] = new(member, point);
                hashes[next++] = SeriesIdentity.Hash(labels);
            }
        }
    }

    /// <summary>Looks only at series whose hash is the same.</summary>
    private static HashSet<int>? Repeated(MetricFamily family, MetricSnapshot snapshot, ReadOnlySpan<int> hashes, Place[] places)
    {
        HashSet<int>? repeated = null;
        var labels = new List<Label>();
        for (int start = 0, end; start < hashes.Length; start = end)
        {
            end = start + 1;
            while (end < hashes.Length && hashes[end] == hashes[start])
            {
                end++;
            }

            if (end == start + 1)
            {
                continue;
            }

            var seen = new HashSet<string>();
            foreach (var (member, point) in places[start..end].OrderBy(place => place.Point))
            {
                LabelSet.Read(family.Members[member], snapshot.Points[point].Tags, labels);
                if (!seen.Add(SeriesIdentity.Of(labels)))
                {
                    (repeated ??= []).Add(point);
                }
            }
        }

        return repeated;
    }

    /// <summary>A point's member of the family, and its position in the snapshot.</summary>
    private readonly record struct Place(int Member, int Point);
}
