using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>One metric in a family, with what its series' labels have in common.</summary>
internal sealed class FamilyMember(MetricFamily family, MetricStream stream, int index, Label[] constantLabels, NamingRules naming)
{
    private volatile KeyNames _names = new([], false);

    public MetricStream Stream { get; } = stream;

    /// <summary>The metric's position in the snapshots that this plan is for.</summary>
    public int Index { get; } = index;

    public Label[] ConstantLabels { get; } = constantLabels;

    /// <summary>What the plan's format has prepared for this member, such as its encoded names.</summary>
    public object? Prepared { get; set; }

    /// <summary>The label names of the stream's attributes, in the order of <see cref="AttributeKeys.Entries"/>, and whether two of them, or one and a constant label, are the same.</summary>
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

    /// <summary>An attribute's label; one that would be the series' name or a bucket's bound is <c>exported_</c>, as Prometheus itself does it.</summary>
    public string LabelName(string attribute)
    {
        var position = AttributeKeys.IndexOf(Stream.Keys.Entries, attribute, expected: -1);
        var labels = Names.Labels;
        return (uint)position < (uint)labels.Length ? labels[position] : Translate(attribute);
    }

    private KeyNames Translate(AttributeKeys.Entry[] entries)
    {
        var labels = new string[entries.Length];
        var seen = new HashSet<string>();
        var collide = false;
        for (var i = 0; i < entries.Length; i++)
        {
            labels[i] = Translate(entries[i].Key);
            collide |= !seen.Add(labels[i]) || family.IsConstantLabel(labels[i]);
        }

        return new(labels, collide);
    }

    private string Translate(string attribute)
    {
        var label = naming.Label(attribute);
        return label == "__name__" || (label == "le" && Stream.IsHistogram) ? "exported_" + label : label;
    }

    internal sealed record KeyNames(string[] Labels, bool Collide);
}
