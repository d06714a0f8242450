using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>One metric in a family, with what its series' labels have in common.</summary>
internal sealed class FamilyMember(MetricStream stream, int index, Label[] constantLabels, NamingRules naming)
{
    private volatile KeyNames _names = new([], false);

    public MetricStream Stream { get; } = stream;

    /// <summary>The metric's position in the snapshots that this plan is for.</summary>
    public int Index { get; } = index;

    public Label[] ConstantLabels { get; } = constantLabels;

    /// <summary>What the plan's format has prepared for this member, such as its encoded names.</summary>
    public object? Prepared { get; set; }

    /// <summary>The label names of the stream's attributes, in the order of <see cref="AttributeKeys.Entries"/>, and whether two of them are the same.</summary>
    public KeyNames Names
    {
        get
        {
            var names = _names;
            var entries = Stream.Keys.Entries;
            if (names.Labels.Length < entries.Length)
            {
                _names = names = Translate(entries);
            }

            return names;
        }
    }

    private KeyNames Translate(AttributeKeys.Entry[] entries)
    {
        var labels = new string[entries.Length];
        var seen = new HashSet<string>();
        var collide = false;
        for (var i = 0; i < entries.Length; i++)
        {
            labels[i] = LabelName(entries[i].Key);
            collide |= !seen.Add(labels[i]);
        }

        return new(labels, collide);
    }

    /// <summary>An attribute's label; one that would take the place of a label with a meaning of its own is <c>exported_</c>, as Prometheus itself does it.</summary>
    public string LabelName(string attribute)
    {
        var label = naming.Label(attribute);
        while (IsTaken(label))
        {
            label = "exported_" + label;
        }

        return label;
    }

    private bool IsTaken(string label) =>
        label == "__name__"
        || (label == "le" && Stream.IsHistogram)
        || Array.Exists(ConstantLabels, constant => constant.Name == label);

    internal sealed record KeyNames(string[] Labels, bool Collide);
}
