using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>All metrics that share one name in a scrape: one <c># TYPE</c>, one <c># HELP</c>, one <c># UNIT</c>.</summary>
internal sealed class MetricFamily(MetricName name, PrometheusType type, string help)
{
    private readonly List<FamilyMember> _members = [];

    public MetricName Name { get; } = name;

    public PrometheusType Type { get; } = type;

    public string Help { get; } = help;

    public IReadOnlyList<FamilyMember> Members => _members;

    /// <summary>Whether two members have the same constant labels, so that a series of one can equal a series of the other.</summary>
    public bool MembersMayCollide { get; private set; }

    /// <summary>What the plan's format has prepared for this family, such as its header.</summary>
    public object? Prepared { get; set; }

    public void Add(FamilyMember member)
    {
        MembersMayCollide |= _members.Exists(other => other.ConstantLabels.SequenceEqual(member.ConstantLabels));
        _members.Add(member);
    }
}
