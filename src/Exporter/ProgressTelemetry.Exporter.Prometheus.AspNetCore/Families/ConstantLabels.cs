using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>The labels that all series of a metric share: its instrumentation scope, and those resource attributes that the options choose.</summary>
internal sealed class ConstantLabels(PrometheusScrapeOptions options, IReadOnlyList<KeyValuePair<string, object>> resource)
{
    private const string Scope = "otel_scope_";

    /// <summary>The resource's attributes as the labels of <c>target_info</c>.</summary>
    public List<Label> TargetInfo(NamingRules naming) =>
        LabelSet.Of(naming.Label, Texts(resource));

    public Label[] Of(MetricStream stream, NamingRules naming)
    {
        var labels = new List<Label>();
        if (options.ScopeLabels)
        {
            AddScope(stream, naming, labels);
        }

        if (options.ResourceConstantLabels is { } chosen)
        {
            LabelSet.Join(labels, naming.Label, Texts(resource.Where(attribute => chosen(attribute.Key))));
        }

        return [.. labels];
    }

    private static void AddScope(MetricStream stream, NamingRules naming, List<Label> labels)
    {
        Label[] own = [new(Name("name"), stream.MeterName), new(Name("version"), stream.MeterVersion), new(Name("schema_url"), stream.MeterSchemaUrl)];
        labels.AddRange(own.Where(label => label.Value.Length > 0));

        // Tags that come out with one of these names are dropped, as the specification says, so that each label means one thing.
        LabelSet.Join(labels, Name, Texts(stream.MeterTags.Where(tag => !Array.Exists(own, label => label.Name == Name(tag.Key)))));

        string Name(string attribute) => naming.Label(Scope + attribute);
    }

    private static IEnumerable<KeyValuePair<string, string>> Texts<T>(IEnumerable<KeyValuePair<string, T>> attributes) =>
        attributes.Select(attribute => KeyValuePair.Create(attribute.Key, AttributeText.Of(attribute.Value)));
}
