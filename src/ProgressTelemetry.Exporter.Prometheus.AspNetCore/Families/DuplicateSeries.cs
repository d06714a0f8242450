using System.Text;
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

        HashSet<int>? duplicates = null;
        var seen = new HashSet<string>();
        foreach (var member in family.Members)
        {
            var entry = snapshot.Metrics[member.Index];
            for (var point = entry.FirstPoint; point < entry.FirstPoint + entry.PointCount; point++)
            {
                if (!seen.Add(Identity(member, in snapshot.Points[point])))
                {
                    (duplicates ??= []).Add(point);
                }
            }
        }

        return duplicates;
    }

    private static string Identity(FamilyMember member, in PointRecord point)
    {
        var identity = new StringBuilder();
        var labels = member.ConstantLabels.Concat(LabelSet.Of(member, point.Tags)).OrderBy(label => label.Name, StringComparer.Ordinal);
        foreach (var (name, value) in labels)
        {
            // To Prometheus an empty label is an absent one.
            if (value.Length > 0)
            {
                identity.Append(name).Append('\0').Append(value.Length).Append('\0').Append(value);
            }
        }

        return identity.ToString();
    }
}
