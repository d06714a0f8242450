using System.Collections.Concurrent;
using OpenTelemetry;
using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Families;
using ProgressTelemetry.Exporter.Prometheus.Formats;
using ProgressTelemetry.Exporter.Prometheus.Naming;

namespace ProgressTelemetry.Exporter.Prometheus.Endpoint;

/// <summary>Makes responses, keeping for each format what the last one had prepared: metrics seldom change between scrapes.</summary>
internal sealed class ExpositionFactory
{
    private readonly ConcurrentDictionary<(ScrapeFormatKind Kind, EscapingScheme Escaping), Prepared> _prepared = new();
    private readonly PrometheusScrapeOptions _options;
    private readonly ScrapeLog _log;
    private readonly ConstantLabels _constantLabels;
    private readonly FamilyPlanner _planner;

    public ExpositionFactory(PrometheusScrapeExporter exporter, ScrapeLog log)
    {
        _options = exporter.Options;
        _log = log;
        _constantLabels = new ConstantLabels(_options, [.. exporter.ParentProvider?.GetResource().Attributes ?? []]);
        _planner = new FamilyPlanner(_options, _constantLabels, log);
    }

    public Exposition Create(ScrapeFormat format, MetricSnapshot snapshot)
    {
        var prepared = _prepared.GetOrAdd((format.Kind, format.Escaping), static (key, factory) => factory.Prepare(key.Kind, key.Escaping), this);
        var plan = prepared.Plan;
        if (plan is null || !plan.IsFor(snapshot))
        {
            plan = _planner.Plan(snapshot, prepared.Format.Naming);
            foreach (var family in plan.Families)
            {
                prepared.Format.Prepare(family);
            }

            prepared.Plan = plan;
        }

        return new Exposition(prepared.Format, plan, snapshot, prepared.TargetInfo, _log);
    }

    private Prepared Prepare(ScrapeFormatKind kind, EscapingScheme escaping)
    {
        var naming = new NamingRules(_options.TranslationStrategy, escaping);
        ExpositionFormat format = kind == ScrapeFormatKind.Protobuf
            ? new ProtobufFormat(naming, _options.CreatedTimestamps, _log)
            : new TextFormat(naming, kind == ScrapeFormatKind.OpenMetrics, _options.CreatedTimestamps);
        return new Prepared(
            format,
            _options.TargetInfo ? _constantLabels.TargetInfo(naming) : []);
    }

    private sealed class Prepared(ExpositionFormat format, List<Label> targetInfo)
    {
        private volatile ExpositionPlan? _plan;

        public ExpositionFormat Format { get; } = format;

        public List<Label> TargetInfo { get; } = targetInfo;

        public ExpositionPlan? Plan { get => _plan; set => _plan = value; }
    }
}
