using System.Text.Json.Nodes;

namespace ProgressTelemetry.EndToEndTests.Contract;

/// <summary>Reading nodes that may not be there.</summary>
internal static class JsonWalk
{
    public static IEnumerable<JsonNode> Items(this JsonNode? node) => (node as JsonArray)?.OfType<JsonNode>() ?? [];

    public static IEnumerable<KeyValuePair<string, JsonNode?>> Members(this JsonNode? node) => node as JsonObject ?? Enumerable.Empty<KeyValuePair<string, JsonNode?>>();

    public static string Text(this JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };

    public static int Number(this JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : -1;

    public static bool IsTrue(this JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    /// <summary>Every string value anywhere below the node.</summary>
    public static IEnumerable<string> Strings(this JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(member => member.Value.Strings()),
        JsonArray list => list.SelectMany(item => item.Strings()),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };
}
