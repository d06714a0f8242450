using System.Text;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Families;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>Which exemplar a counter or a bucket shows, and with which labels.</summary>
internal static class ExemplarChoice
{
    /// <summary>OpenMetrics' limit on the names and values of an exemplar's labels together, in characters.</summary>
    private const int MaxLabelCharacters = 128;

    /// <summary>The position of the latest exemplar in a bucket, or -1.</summary>
    public static int Of(ReadOnlySpan<ExemplarRecord> exemplars, double above, double upTo)
    {
        var chosen = -1;
        for (var i = 0; i < exemplars.Length; i++)
        {
            var value = exemplars[i].Value;
            if (value > above && value <= upTo && (chosen < 0 || exemplars[i].Timestamp > exemplars[chosen].Timestamp))
            {
                chosen = i;
            }
        }

        return chosen;
    }

    /// <summary>The trace and span, and the attributes that a view filtered out, as long as they fit.</summary>
    public static List<Label> Labels(in ExemplarRecord exemplar, NamingRules naming)
    {
        var labels = new List<Label>();
        if (exemplar.TraceId != default)
        {
            labels.Add(new("trace_id", exemplar.TraceId.ToHexString()));
            labels.Add(new("span_id", exemplar.SpanId.ToHexString()));
        }

        var characters = labels.Sum(Characters);
        foreach (var label in LabelSet.Of(naming.Label, exemplar.FilteredTags.Select(tag => KeyValuePair.Create(tag.Key, Text(tag.Value)))))
        {
            if (!labels.Exists(other => other.Name == label.Name) && characters + Characters(label) <= MaxLabelCharacters)
            {
                characters += Characters(label);
                labels.Add(label);
            }
        }

        return labels;
    }

    /// <summary>Prometheus reads a zero character in a series' label, but refuses the whole scrape for one in an exemplar's.</summary>
    private static string Text(object? value) => AttributeText.Of(value).Replace('\0', '\ufffd');

    private static int Characters(Label label) => label.Name.EnumerateRunes().Count() + label.Value.EnumerateRunes().Count();
}
