using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Families;

/// <summary>All metrics that share one name in a scrape: one <c># TYPE</c>, one <c># HELP</c>, one <c># UNIT</c>.</summary>
internal sealed class MetricFamily(MetricName name, PrometheusType type, string help)
{
    private readonly List<FamilyMember> _members = [];
    private readonly HashSet<string> _constantLabels = [];
    private readonly HashSet<string> _constantIdentities = [];

    public MetricName Name { get; } = name;

    public PrometheusType Type { get; } = type;

    public string Help { get; } = help;

    public IReadOnlyList<FamilyMember> Members => _members;

    /// <summary>Whether two members have the same constant labels, so that a series of one can equal a series of the other.</summary>
    public bool MembersMayCollide { get; private set; }

    /// <summary>What the plan's format has prepared for this family, such as its header.</summary>
    public object? Prepared { get; set; }

    /// <summary>Whether one of the members has a constant label of this name: an attribute with it can make series of different members equal.</summary>
    public bool IsConstantLabel(string name) => _constantLabels.Contains(name);

    public void Add(FamilyMember member)
    {
        MembersMayCollide |= !_constantIdentities.Add(SeriesIdentity.Of(member.ConstantLabels));
        _constantLabels.UnionWith(member.ConstantLabels.Select(label => label.Name));
        _members.Add(member);
    }
}
