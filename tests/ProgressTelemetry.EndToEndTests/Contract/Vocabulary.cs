using ProgressTelemetry.Signals;

namespace ProgressTelemetry.EndToEndTests.Contract;

/// <summary>
/// What a query may name: the metrics and labels of the code's own catalogue, the metrics that Prometheus and the .NET
/// runtime add, and the recorded ones.
/// </summary>
internal sealed class Vocabulary
{
    /// <summary>Metrics that others make, and on which dashboards and rules rely.</summary>
    private static readonly string[] Foreign =
    [
        "up", "scrape_samples_scraped", "scrape_duration_seconds", "scrape_body_size_bytes", "ALERTS",
        "dotnet_process_memory_working_set_bytes", "process_resident_memory_bytes", "process_working_set_bytes",
    ];

    /// <summary>
    /// Labels of the target, and of PromQL itself. Scope labels (<c>otel_scope_*</c>) are not among them: which there are depends
    /// on the exporter and its settings, so no query may rely on one.
    /// </summary>
    private static readonly string[] Ambient = ["job", "instance", "le", "__name__", "alertname", "alertstate", "severity"];

    /// <summary>Keys of the shared store of a flow, and tables of a run store's database, of which documents speak too.</summary>
    private static readonly string[] StoreWords = ["workflow_state", "progress_metrics", "progress_shares", "progress_claims", "progress_processes", "progress_schema"];

    private readonly Dictionary<string, HashSet<string>> _metrics;

    private Vocabulary(IEnumerable<InstrumentDefinition> instruments, IEnumerable<string> recorded)
    {
        _metrics = instruments
            .SelectMany(i => ScrapedNames(i).Select(name => (name, labels: i.AttributeKeys.Select(Label))))
            .ToDictionary(x => x.name, x => x.labels.Concat(Ambient).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        Labels = _metrics.Values.SelectMany(l => l).Concat(Ambient).ToHashSet(StringComparer.Ordinal);
        foreach (var name in Foreign.Concat(recorded))
        {
            _metrics[name] = Labels;
        }
    }

    public HashSet<string> Labels { get; }

    public static IReadOnlyList<InstrumentDefinition> Instruments { get; } = [.. SignalCatalogue.Tracker, .. SignalCatalogue.Runs];

    public static Vocabulary Of(StackFiles files, IEnumerable<InstrumentDefinition>? instruments = null) =>
        new(instruments ?? Instruments, files.Rules.SelectMany(f => RuleFile.Parse(f.Value)).Where(r => !r.IsAlert).Select(r => r.Name));

    /// <summary>The names under which one instrument is scraped.</summary>
    public static IEnumerable<string> ScrapedNames(InstrumentDefinition instrument) => instrument.Kind == InstrumentKind.Histogram
        ? [$"{instrument.ScrapedAs}_bucket", $"{instrument.ScrapedAs}_sum", $"{instrument.ScrapedAs}_count"]
        : [instrument.ScrapedAs];

    public bool HasMetric(string name) => _metrics.ContainsKey(name);

    /// <summary>Whether prose may use the word: a metric, a histogram's base name, a label, or a word of a store.</summary>
    public bool HasWord(string word) => HasMetric(word) || Labels.Contains(word) || HasMetric(word + "_bucket") || StoreWords.Contains(word, StringComparer.Ordinal);

    /// <summary>What a query names that does not exist.</summary>
    public IEnumerable<string> Problems(string query)
    {
        PromQl parsed;
        try
        {
            parsed = PromQl.Parse(query);
        }
        catch (FormatException e)
        {
            return [$"the query does not parse ({e.Message}): {query}"];
        }

        return parsed.Selectors
            .Where(s => s.Metric is not null && !HasMetric(s.Metric))
            .Select(s => $"metric '{s.Metric}' is not in the catalogue")
            .Concat(parsed.Selectors
                .Where(s => s.Metric is null || HasMetric(s.Metric))
                .SelectMany(s => s.Labels.Where(l => !(s.Metric is null ? Labels : _metrics[s.Metric]).Contains(l)).Select(l => $"metric '{s.Metric}' has no label '{l}'")))
            .Concat(parsed.Grouping.Where(l => !Labels.Contains(l) && !parsed.Made.Contains(l)).Select(l => $"no metric has the label '{l}'"));
    }

    private static string Label(string attribute) => attribute.Replace('.', '_');
}
