using System.Collections;
using System.Text.Json;

namespace ProgressTelemetry.Flows;

/// <summary>What a shared store says of where its flow is. Missing keys and odd types mean defaults.</summary>
internal sealed record FlowPosition(string Stage, IReadOnlyList<string> Platforms, long Revisions, string? Version)
{
    public const string UnknownStage = "unknown";

    public static FlowPosition Read(IDictionary<string, object?> shared)
    {
        var stage = Get(shared, "workflow_state", "current_stage") as string;
        return new FlowPosition(
            string.IsNullOrWhiteSpace(stage) ? UnknownStage : Cut(stage),
            OrDefault(() => Platform(Get(shared, "task_requirements", "platforms")), []),
            Count(Get(shared, "quality_control", "revision_count")),
            OrDefault(() => LastVersion(Find(shared, "version_history")), null));
    }

    private static object? Get(IDictionary<string, object?> shared, string section, string key) => Find(Find(shared, section), key);

    private static object? Find(object? store, string key) => OrDefault(
        () => Plain(store switch
        {
            IDictionary<string, object?> typed => typed.TryGetValue(key, out var value) ? value : null,
            IReadOnlyDictionary<string, object?> typed => typed.TryGetValue(key, out var value) ? value : null,
            IDictionary untyped => untyped[key],
            _ => null,
        }),
        null);

    // A store that was read from JSON has its elements in it.
    private static object? Plain(object? value) => value is not JsonElement json ? value : json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value, StringComparer.Ordinal),
        JsonValueKind.Array => json.EnumerateArray().Select(e => Plain(e)).ToList(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out var number) ? number : json.GetDouble(),
        _ => null,
    };

    private static T OrDefault<T>(Func<T> read, T otherwise)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A dictionary of other keys, or one that others are changing, or that fails: the flow's own business, and no reason to fail it.
            return otherwise;
        }
    }

    private static IReadOnlyList<string> Platform(object? platforms) => platforms switch
    {
        string one when one.Length > 0 => [one],
        IEnumerable<string> many => [.. many.Where(p => p is { Length: > 0 })],
        IEnumerable many and not string => [.. many.OfType<string>().Where(p => p.Length > 0)],
        _ => [],
    };

    private static long Count(object? value)
    {
        var count = value switch
        {
            int number => number,
            long number => number,
            short or byte or sbyte or ushort or uint => Convert.ToInt64(value),
            double number when number is >= 0 and <= Checked.MaxCount => (long)number,
            decimal number when number is >= 0 and <= Checked.MaxCount => (long)number,
            string text when long.TryParse(text, out var number) => number,
            _ => 0,
        };
        return Math.Clamp(count, 0, Checked.MaxCount);
    }

    private static string? LastVersion(object? history)
    {
        var last = history is IEnumerable entries and not string ? entries.Cast<object?>().LastOrDefault() : null;
        var version = last switch
        {
            string text => text,
            null => null,
            _ => Find(last, "version")?.ToString(),
        };
        return version is { Length: > 0 } ? Cut(version) : null;
    }

    private static string Cut(string name) => name.Length <= Checked.MaxNameLength ? name : name[..Checked.MaxNameLength];
}
