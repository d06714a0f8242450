using OpenTelemetry;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>The labels of one series when two of its attributes come out with the same name: the general case, which the formats' fast path leaves to this.</summary>
internal static class LabelSet
{
    /// <summary>Whether a member's points need <see cref="Of(FamilyMember, ReadOnlyTagCollection)"/>: then the names of their attributes are not labels one by one.</summary>
    public static bool NeedsMerging(FamilyMember member) => member.Names.Collide || member.Stream.Keys.MayRepeat;

    /// <summary>All labels of a point's series, the member's constant ones first.</summary>
    public static List<Label> Of(FamilyMember member, ReadOnlyTagCollection tags)
    {
        var labels = new List<Label>();
        Read(member, tags, labels);
        return labels;
    }

    /// <summary>As <see cref="Of(FamilyMember, ReadOnlyTagCollection)"/>, into a list that is used again.</summary>
    public static void Read(FamilyMember member, ReadOnlyTagCollection tags, List<Label> labels)
    {
        labels.Clear();
        labels.AddRange(member.ConstantLabels);
        if (NeedsMerging(member))
        {
            var attributes = new List<KeyValuePair<string, string>>();
            foreach (var (key, value) in tags)
            {
                attributes.Add(new(key, AttributeText.Of(value)));
            }

            Join(labels, member.LabelName, attributes);
            return;
        }

        foreach (var (key, value) in tags)
        {
            labels.Add(new(member.LabelName(key), AttributeText.Of(value)));
        }
    }

    /// <summary>Attributes as labels.</summary>
    public static List<Label> Of(Func<string, string> labelName, IEnumerable<KeyValuePair<string, string>> attributes)
    {
        var labels = new List<Label>();
        Join(labels, labelName, attributes);
        return labels;
    }

    /// <summary>Adds attributes to labels: values that meet under one name are joined by a semicolon, what is there already before them, they in the order of the attributes' names.</summary>
    public static void Join(List<Label> labels, Func<string, string> labelName, IEnumerable<KeyValuePair<string, string>> attributes)
    {
        foreach (var (key, value) in attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        {
            var name = labelName(key);
            var existing = labels.FindIndex(label => label.Name == name);
            if (existing >= 0)
            {
                labels[existing] = new(name, labels[existing].Value + ";" + value);
            }
            else
            {
                labels.Add(new(name, value));
            }
        }
    }
}
