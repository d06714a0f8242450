using OpenTelemetry.Metrics;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>Groups a snapshot's metrics into families and settles whose name it is when two families would claim the same.</summary>
internal sealed class FamilyPlanner(PrometheusScrapeOptions options, ConstantLabels constantLabels, ScrapeLog log)
{
    public ExpositionPlan Plan(MetricSnapshot snapshot, NamingRules naming)
    {
        var families = new Dictionary<string, MetricFamily>();
        var ordered = new List<MetricFamily>();
        var owners = new Dictionary<string, MetricFamily?>();
        if (options.TargetInfo)
        {
            owners.Add("target", null);
            owners.Add("target_info", null);
        }

        for (var i = 0; i < snapshot.Metrics.Count; i++)
        {
            var stream = snapshot.Metrics[i].Stream;
            var name = MetricName.Translate(stream.Name, stream.Unit, stream.Type, naming);
            var type = TypeOf(stream.Type);
            if (families.TryGetValue(name.Sample, out var family) && family.Type == type)
            {
                if (family.Help != stream.Description)
                {
                    log.ConflictingHelp(name.Sample, stream.MeterName);
                }
            }
            else
            {
                family = new MetricFamily(name, type, stream.Description);
                if (!Claim(owners, family))
                {
                    log.ConflictingName(name.Sample, stream.Name, stream.MeterName);
                    continue;
                }

                families.Add(name.Sample, family);
                ordered.Add(family);
            }

            family.Add(new FamilyMember(family, stream, i, constantLabels.Of(stream, naming), naming));
        }

        return new ExpositionPlan([.. snapshot.Metrics.Select(entry => entry.Stream)], ordered);
    }

    private static PrometheusType TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => PrometheusType.Counter,
        MetricType.Histogram or MetricType.ExponentialHistogram => PrometheusType.Histogram,
        _ => PrometheusType.Gauge,
    };

    /// <summary>Takes every name that the family has in any format, or none if one of them is taken: formats then agree on what there is.</summary>
    private bool Claim(Dictionary<string, MetricFamily?> owners, MetricFamily family)
    {
        HashSet<string> names = [family.Name.Family, family.Name.Sample];
        if (family.Type == PrometheusType.Histogram)
        {
            names.UnionWith([family.Name.Family + "_bucket", family.Name.Family + "_count", family.Name.Family + "_sum"]);
        }

        if (options.CreatedTimestamps && family.Type != PrometheusType.Gauge)
        {
            names.Add(family.Name.Family + "_created");
        }

        if (names.Any(owners.ContainsKey))
        {
            return false;
        }

        foreach (var name in names)
        {
            owners.Add(name, family);
        }

        return true;
    }
}
