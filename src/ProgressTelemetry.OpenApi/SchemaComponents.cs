using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using ProgressTelemetry.AspNetCore.Endpoints;

namespace ProgressTelemetry.OpenApi;

/// <summary>The definitions of the schema that is served, as components of an OpenAPI document: OpenAPI 3.1 has the same schemas, only in another place.</summary>
internal static class SchemaComponents
{
    private const string Definitions = "#/$defs/";

    public static string NameOf(string definition) => $"Progress{char.ToUpperInvariant(definition[0])}{definition[1..]}";

    public static void AddTo(OpenApiDocument document)
    {
        var schema = JsonNode.Parse(PageAsset.Read(SchemaEndpoint.FileName))!;
        foreach (var (name, definition) in schema["$defs"]!.AsObject())
        {
            Refer(definition);
            var component = OpenApiModelFactory.Parse<OpenApiSchema>(definition!.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out var diagnostic, OpenApiConstants.Json)
                ?? throw new InvalidOperationException($"The definition '{name}' is no schema: {string.Join("; ", diagnostic.Errors.Select(error => error.Message))}");
            document.AddComponent(NameOf(name), component);
        }
    }

    private static void Refer(JsonNode? node)
    {
        if (node is JsonObject schema)
        {
            if (schema["$ref"] is JsonValue reference && reference.GetValue<string>() is var target && target.StartsWith(Definitions, StringComparison.Ordinal))
            {
                schema["$ref"] = $"#/components/schemas/{NameOf(target[Definitions.Length..])}";
            }

            foreach (var (_, part) in schema.ToArray())
            {
                Refer(part);
            }
        }
        else if (node is JsonArray parts)
        {
            foreach (var part in parts)
            {
                Refer(part);
            }
        }
    }
}
