using System.Text.Json.Nodes;

namespace ProgressTelemetry.EndToEndTests.Contract;

/// <summary>One recording or alerting rule.</summary>
internal sealed record Rule(string Name, bool IsAlert, string Expression, string For, string Severity, JsonNode? Annotations)
{
    public string Annotation(string name) => Annotations?[name].Text() ?? "";
}

/// <summary>Reads Prometheus rule files.</summary>
internal static class RuleFile
{
    public static IReadOnlyList<Rule> Parse(string text) =>
        [.. Yaml.Parse(text)["groups"].Items().SelectMany(group => group["rules"].Items()).Select(Of)];

    private static Rule Of(JsonNode rule) => new(
        (rule["alert"] ?? rule["record"]).Text(),
        rule["alert"] is not null,
        rule["expr"].Text(),
        rule["for"].Text(),
        rule["labels"]?["severity"].Text() ?? "",
        rule["annotations"]);
}
