using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ProgressTelemetry.EndToEndTests.Contract;

/// <summary>A provisioned dashboard, as far as the checks look into it.</summary>
internal sealed partial class Dashboard(string path, JsonNode root)
{
    public string Path => path;

    public JsonNode Root => root;

    public string Uid => root["uid"].Text();

    public IReadOnlyList<JsonNode> Panels { get; } =
        [.. root["panels"].Items().SelectMany(p => p["panels"].Items().Prepend(p)).Where(p => p["type"].Text() != "row")];

    public IReadOnlyList<JsonNode> Variables { get; } = [.. root["templating"]?["list"].Items() ?? []];

    public IEnumerable<JsonNode> Annotations => root["annotations"]?["list"].Items().Where(a => a["expr"] is not null) ?? [];

    public static Dashboard Parse(string path, string text) => new(path, JsonNode.Parse(text) ?? throw new FormatException($"{path} is empty"));

    public static string Name(JsonNode panel) => $"panel {panel["id"].Text()} '{panel["title"].Text()}'";

    /// <summary>Every PromQL expression, with where it stands.</summary>
    public IEnumerable<(string Where, string Query)> Queries()
    {
        foreach (var panel in Panels)
        {
            foreach (var target in panel["targets"].Items())
            {
                yield return ($"{path} {Name(panel)} {target["refId"].Text()}", target["expr"].Text());
            }
        }

        foreach (var annotation in Annotations)
        {
            yield return ($"{path} annotation '{annotation["name"].Text()}'", annotation["expr"].Text());
        }

        foreach (var variable in Variables.Where(v => v["type"].Text() == "query"))
        {
            var match = LabelValues().Match(variable["query"]?["query"].Text() ?? "");
            yield return ($"{path} variable '{variable["name"].Text()}'", match.Success ? $"count by ({match.Groups["label"].Value}) ({match.Groups["metric"].Value})" : "");
        }
    }

    /// <summary>Labels that legends and annotation texts show.</summary>
    public IEnumerable<(string Where, string Label)> ShownLabels() =>
        from text in Panels.SelectMany(p => p["targets"].Items().Select(t => (Where: $"{path} {Name(p)}", Text: t["legendFormat"].Text())))
            .Concat(Annotations.Select(a => (Where: $"{path} annotation", Text: $"{a["titleFormat"].Text()} {a["textFormat"].Text()}")))
        from Match match in Braces().Matches(text.Text)
        select (text.Where, match.Groups["label"].Value);

    /// <summary>The expression with every variable filled in, as Prometheus would get it.</summary>
    public static string Filled(string query) => Variable().Replace(query, m => m.Value switch
    {
        var v when v.Contains("range", StringComparison.Ordinal) => "1h",
        var v when v.Contains("window", StringComparison.Ordinal) || v.Contains("interval", StringComparison.Ordinal) => "5m",
        _ => "x",
    });

    [GeneratedRegex(@"^label_values\((?<metric>.+),\s*(?<label>\w+)\)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"\{\{\s*(?<label>\w+)\s*\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Braces();

    [GeneratedRegex(@"\$\{\w+(:\w+)?\}|\$\w+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    public static partial Regex Variable();
}
