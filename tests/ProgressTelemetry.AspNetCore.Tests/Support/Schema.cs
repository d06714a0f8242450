using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.AspNetCore.Tests.Support;

/// <summary>The shipped schema, made strict: nothing may be in an answer that it doesn't name.</summary>
internal static class Schema
{
    public static readonly string Shipped = Path.Combine(RealParts.RepositoryRoot, "docs", "progress.schema.json");

    public static void AssertValid(string type, string json) => AssertValid(Evaluate(type, json));

    /// <summary>The same by the schema of an answer in an OpenAPI document.</summary>
    public static void AssertValid(JsonElement openApi, JsonElement schema, string json)
    {
        var components = openApi.GetProperty("components").GetProperty("schemas").GetRawText().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        AssertValid(Evaluate(new JsonObject { ["$defs"] = JsonNode.Parse(components) }, schema.GetProperty("$ref").GetString()!.Split('/')[^1], json));
    }

    public static EvaluationResults Evaluate(string type, string json) => Evaluate(JsonNode.Parse(File.ReadAllText(Shipped))!.AsObject(), type, json);

    private static void AssertValid(EvaluationResults results) =>
        Assert.True(results.IsValid, string.Join('\n', (results.Details ?? []).Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation} {error.Key}: {error.Value}"))));

    private static EvaluationResults Evaluate(JsonObject root, string type, string json)
    {
        foreach (var (_, definition) in root["$defs"]!.AsObject())
        {
            ForbidOthers(definition);
        }

        root.Remove("anyOf");
        root["$ref"] = $"#/$defs/{type}";
        using var document = JsonDocument.Parse(json);
        return JsonSchema.FromText(root.ToJsonString()).Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
    }

    private static void ForbidOthers(JsonNode? node)
    {
        if (node is not JsonObject schema)
        {
            return;
        }

        if (schema["properties"] is JsonObject properties)
        {
            schema["additionalProperties"] = false;
            foreach (var (_, property) in properties)
            {
                ForbidOthers(property);
            }
        }
    }
}
