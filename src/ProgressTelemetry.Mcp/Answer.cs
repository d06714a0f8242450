using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Protocol;

namespace ProgressTelemetry.Mcp;

/// <summary>What a tool answers: a few lines of text, and the same facts as JSON.</summary>
internal static class Answer
{
    public static CallToolResult Of<T>(IEnumerable<string?> lines, T facts, JsonTypeInfo<T> type) => new()
    {
        Content = [Text([.. lines, Quoted.Note])],
        StructuredContent = JsonSerializer.SerializeToElement(facts, type),
    };

    public static CallToolResult Error(params IEnumerable<string> lines) => new() { Content = [Text(lines)], IsError = true };

    private static TextContentBlock Text(IEnumerable<string?> lines) => new() { Text = string.Join('\n', lines.Where(line => line is not null)) };
}
