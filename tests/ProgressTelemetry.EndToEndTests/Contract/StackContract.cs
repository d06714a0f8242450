using System.Text.RegularExpressions;
using ProgressTelemetry.Signals;

namespace ProgressTelemetry.EndToEndTests.Contract;

/// <summary>What has to hold between the code's catalogue, the dashboards, the rules, the runbooks and the documents.</summary>
internal static partial class StackContract
{
    private static readonly string[] RunbookSections = ["What it means", "How to look", "What to do", "When to silence"];

    /// <summary>Instruments that no dashboard or rule reads, each with its reason.</summary>
    public static IReadOnlyDictionary<string, string> DeliberatelyUnused { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["workflow.run.stalls"] = "counts stalls for service-level objectives; alerts and dashboards look at the runs that are stalled now",
        ["workflow.stage.throughput"] = "each process's own momentary rate, for those without a rate(); dashboards add up rate() over processes",
    };

    public static IEnumerable<string> Problems(StackFiles files, IReadOnlyList<InstrumentDefinition>? instruments = null)
    {
        instruments ??= Vocabulary.Instruments;
        var vocabulary = Vocabulary.Of(files, instruments);
        var dashboards = files.Dashboards.Select(f => Dashboard.Parse(f.Key, f.Value)).ToList();
        return dashboards.SelectMany(DashboardRules.Problems)
            .Concat(Queries(files, dashboards).SelectMany(q => vocabulary.Problems(q.Query).Select(p => $"{q.Where}: {p}")))
            .Concat(dashboards.SelectMany(d => d.ShownLabels()).Where(l => !vocabulary.Labels.Contains(l.Label) && l.Label is not ("is" or "series")).Select(l => $"{l.Where}: no metric has the label '{l.Label}'"))
            .Concat(dashboards.GroupBy(d => d.Uid, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => $"uid '{g.Key}' is used twice"))
            .Concat(Links(files, dashboards))
            .Concat(Unused(files, dashboards, instruments))
            .Concat(Alerts(files))
            .Concat(files.Documents.SelectMany(f => Words(f.Key, f.Value, vocabulary)))
            .Concat(files.Documents.SelectMany(f => PanelNames(f.Key, f.Value, dashboards)));
    }

    /// <summary>Every PromQL expression that is shipped: in dashboards, rules and documents.</summary>
    public static IEnumerable<(string Where, string Query)> Queries(StackFiles files, IEnumerable<Dashboard> dashboards) =>
        dashboards.SelectMany(d => d.Queries())
            .Concat(files.Rules.SelectMany(f => RuleFile.Parse(f.Value).Select(r => ($"{f.Key} {r.Name}", r.Expression))))
            .Concat(files.Documents.SelectMany(f => Fences().Matches(f.Value).Select(m => (f.Key, m.Groups["code"].Value))));

    private static IEnumerable<string> Unused(StackFiles files, IEnumerable<Dashboard> dashboards, IReadOnlyList<InstrumentDefinition> instruments)
    {
        var read = dashboards.SelectMany(d => d.Queries().Select(q => q.Query))
            .Concat(files.Rules.SelectMany(f => RuleFile.Parse(f.Value).Select(r => r.Expression)))
            .SelectMany(Named).ToHashSet(StringComparer.Ordinal);
        foreach (var instrument in instruments)
        {
            var isRead = Vocabulary.ScrapedNames(instrument).Any(read.Contains);
            if (!isRead && !DeliberatelyUnused.ContainsKey(instrument.Name))
            {
                yield return $"instrument '{instrument.Name}' is neither used nor listed as deliberately unused";
            }
            else if (isRead && DeliberatelyUnused.ContainsKey(instrument.Name))
            {
                yield return $"instrument '{instrument.Name}' is used, though listed as unused";
            }
        }

        var names = instruments.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var unknown in DeliberatelyUnused.Keys.Where(n => !names.Contains(n)))
        {
            yield return $"'{unknown}' is listed as unused, but is not in the catalogue";
        }

        var recorded = files.Rules.SelectMany(f => RuleFile.Parse(f.Value)).Where(r => !r.IsAlert).Select(r => r.Name);
        var readAnywhere = read.Concat(files.Documents.SelectMany(f => Fences().Matches(f.Value)).SelectMany(m => Named(m.Groups["code"].Value))).ToHashSet(StringComparer.Ordinal);
        foreach (var name in recorded.Where(n => !readAnywhere.Contains(n)))
        {
            yield return $"recorded metric '{name}' is read by nobody";
        }
    }

    private static IEnumerable<string> Named(string query)
    {
        try
        {
            return [.. PromQl.Parse(query).Selectors.Select(s => s.Metric).OfType<string>()];
        }
        catch (FormatException)
        {
            return []; // reported as a query that does not parse
        }
    }

    private static IEnumerable<string> Links(StackFiles files, IReadOnlyList<Dashboard> dashboards)
    {
        var provisioned = Yaml.Parse(files["grafana/provisioning/datasources/progress.yml"])["datasources"].Items().Select(d => d["uid"].Text()).ToHashSet(StringComparer.Ordinal);
        foreach (var dashboard in dashboards)
        {
            foreach (var text in dashboard.Root.Strings())
            {
                foreach (var uid in DashboardLink().Matches(text).Select(m => m.Groups["uid"].Value).Where(uid => !dashboards.Any(d => d.Uid == uid)))
                {
                    yield return $"{dashboard.Path}: links to the dashboard '{uid}', which is not there";
                }

                foreach (var uid in ExploreLink().Matches(text).Select(m => m.Groups["uid"].Value).Where(uid => !provisioned.Contains(uid)))
                {
                    yield return $"{dashboard.Path}: links to the data source '{uid}', which is not provisioned";
                }
            }
        }
    }

    private static IEnumerable<string> Alerts(StackFiles files)
    {
        var alerts = files.Rules.SelectMany(f => RuleFile.Parse(f.Value)).Where(r => r.IsAlert).ToList();
        var tested = files.RuleTests.SelectMany(f => Yaml.Parse(f.Value)["tests"].Items()).SelectMany(t => t["alert_rule_test"].Items()).ToLookup(t => t["alertname"].Text(), t => t["exp_alerts"].Items().Any());
        foreach (var alert in alerts)
        {
            var runbook = $"docs/runbooks/{alert.Name}.md";
            var text = files.Texts.GetValueOrDefault(runbook);
            (bool Holds, string Problem)[] rules =
            [
                (alert.Severity is "critical" or "warning" or "info", "has no severity"),
                (alert.Annotation("summary") is { Length: > 0 } summary && !summary.Contains("{{", StringComparison.Ordinal) && summary.IndexOf('.', StringComparison.Ordinal) == summary.Length - 1, "needs a static summary of one sentence"),
                (alert.Annotation("description").Contains("$labels", StringComparison.Ordinal) && alert.Annotation("description").Contains("{{", StringComparison.Ordinal), "needs a description with its values"),
                (alert.Annotation("runbook_url").EndsWith(runbook, StringComparison.Ordinal), $"must link to {runbook}"),
                (text is not null, $"has no {runbook}"),
                (text?.StartsWith($"# {alert.Name}\n", StringComparison.Ordinal) != false, "has a runbook with another title"),
                (text is null || RunbookSections.All(s => Section(text, s).Length > 40), $"has a runbook that lacks one of: {string.Join(", ", RunbookSections)}"),
                (text is null || Section(text, "How to look").Contains("```promql", StringComparison.Ordinal), "has a runbook without a query"),
                (text is null || text.Contains($"Severity: {alert.Severity}.", StringComparison.Ordinal), "has a runbook that states another severity"),
                (tested[alert.Name].Contains(true), "has no test in which it fires"),
                (tested[alert.Name].Contains(false), "has no test in which it does not fire"),
            ];
            foreach (var rule in rules.Where(r => !r.Holds))
            {
                yield return $"alert {alert.Name} {rule.Problem}";
            }
        }

        foreach (var orphan in files.Runbooks.Where(r => !alerts.Exists(a => r.Key == $"docs/runbooks/{a.Name}.md")))
        {
            yield return $"{orphan.Key} belongs to no alert";
        }
    }

    private static string Section(string markdown, string heading) =>
        markdown.Split("\n## ").FirstOrDefault(s => s.StartsWith(heading + "\n", StringComparison.Ordinal))?[heading.Length..] ?? "";

    /// <summary>Words in code style that look like a metric or a label have to be one.</summary>
    private static IEnumerable<string> Words(string path, string text, Vocabulary vocabulary) =>
        Code().Matches(text).SelectMany(code => ScrapedWord().Matches(code.Value)).Select(m => m.Value)
            .Where(word => !vocabulary.HasWord(word)).Distinct(StringComparer.Ordinal)
            .Select(word => $"{path}: '{word}' is neither a metric nor a label");

    /// <summary>After "Dashboard `uid`", names in italics are panels or columns of that dashboard.</summary>
    private static IEnumerable<string> PanelNames(string path, string text, IReadOnlyList<Dashboard> dashboards)
    {
        foreach (Match match in DashboardMention().Matches(text))
        {
            var uid = match.Groups["uid"].Value;
            if (dashboards.FirstOrDefault(d => d.Uid == uid) is not { } dashboard)
            {
                yield return $"{path}: there is no dashboard '{uid}'";
                continue;
            }

            var known = dashboard.Panels.Select(p => p["title"].Text())
                .Concat(dashboard.Panels.SelectMany(p => p["transformations"].Items()).SelectMany(t => t["options"]?["renameByName"].Members() ?? []).Select(m => m.Value.Text()))
                .ToHashSet(StringComparer.Ordinal);
            foreach (var name in Italic().Matches(match.Groups["rest"].Value).Select(m => m.Groups["name"].Value).Where(n => !known.Contains(n) && !n.StartsWith("Status > ", StringComparison.Ordinal)))
            {
                yield return $"{path}: dashboard '{uid}' has no panel '{name}'";
            }
        }
    }

    [GeneratedRegex(@"```promql\n(?<code>.*?)```", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fences();

    [GeneratedRegex(@"`[^`\n]+`", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<![\w:./-])(workflow|progress)_[a-z0-9_]+(?![\w:.*/-])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ScrapedWord();

    [GeneratedRegex(@"/d/(?<uid>[\w-]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DashboardLink();

    [GeneratedRegex("(?<=/explore.*)%22uid%22%3A%22(?<uid>[\\w-]+)%22", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ExploreLink();

    [GeneratedRegex(@"Dashboard `(?<uid>progress-[a-z]+)`(?<rest>.*?)(?=\n\n|\bDashboard `|$)", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DashboardMention();

    [GeneratedRegex(@"(?<!\*)\*(?<name>[^*\n]+)\*(?!\*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Italic();
}
