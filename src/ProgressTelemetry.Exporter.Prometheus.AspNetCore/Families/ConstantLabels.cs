using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>The labels that all series of a metric share: its instrumentation scope, and those resource attributes that the options choose.</summary>
internal sealed class ConstantLabels(PrometheusScrapeOptions options, IReadOnlyList<KeyValuePair<string, object>> resource)
{
    private const string Scope = "otel_scope_";

    /// <summary>The resource's attributes as the labels of <c>target_info</c>.</summary>
    public List<Label> TargetInfo(NamingRules naming) =>
        LabelSet.Of(naming.Label, resource.Select(attribute => KeyValuePair.Create(attribute.Key, AttributeText.Of(attribute.Value))));

    public Label[] Of(MetricStream stream, NamingRules naming)
    {
        var labels = new List<Label>();
        if (options.ScopeLabels)
        {
            AddScope(stream, naming, labels);
        }

        if (options.ResourceConstantLabels is { } chosen)
        {
            var attributes = resource.Where(attribute => chosen(attribute.Key)).Select(attribute => KeyValuePair.Create(attribute.Key, AttributeText.Of(attribute.Value)));
            foreach (var (name, value) in LabelSet.Of(naming.Label, attributes))
            {
                if (!labels.Exists(label => label.Name == name))
                {
                    labels.Add(new(name, value));
                }
            }
        }

        return [.. labels];
    }

    private static void AddScope(MetricStream stream, NamingRules naming, List<Label> labels)
    {
        Add("name", stream.MeterName);
        Add("version", stream.MeterVersion);
        Add("schema_url", stream.MeterSchemaUrl);

        // Tags of these three names are dropped, as the specification says, so that each label means one thing.
        var tags = stream.MeterTags.Where(tag => tag.Key is not ("name" or "version" or "schema_url")).Select(tag => KeyValuePair.Create(tag.Key, AttributeText.Of(tag.Value)));
        foreach (var (name, value) in LabelSet.Of(tag => naming.Label(Scope + tag), tags))
        {
            if (!labels.Exists(label => label.Name == name))
            {
                labels.Add(new(name, value));
            }
        }

        void Add(string attribute, string value)
        {
            if (value.Length > 0)
            {
                labels.Add(new(naming.Label(Scope + attribute), value));
            }
        }
    }
}
