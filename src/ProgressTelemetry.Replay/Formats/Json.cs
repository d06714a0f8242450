using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>Reads JSON that others wrote: what is not there, or is of another kind than expected, is nothing.</summary>
internal static class Json
{
    /// <summary>Reads a text; of several values, as tools write that join pages, it makes an array.</summary>
    /// <exception cref="TraceFormatException">It is no JSON.</exception>
    public static JsonElement Parse(string file, string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var values = new List<JsonElement>();
            while (reader.Read())
            {
                values.Add(JsonElement.ParseValue(ref reader));
            }

            return values.Count == 1 ? values[0] : JsonSerializer.SerializeToElement(values, JsonListContext.Default.ListJsonElement);
        }
        catch (JsonException e)
        {
            throw new TraceFormatException(file, e.LineNumber + 1, "it is no JSON that can be read here: " + e.Message.Split(" Path:")[0].Split(" LineNumber:")[0], e);
        }
    }

    /// <summary>A property by the first of these names that it has; otherwise nothing.</summary>
    public static JsonElement Get(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                return value;
            }
        }

        return default;
    }

    public static bool Has(this JsonElement element, string name) => element.Get(name).ValueKind != JsonValueKind.Undefined;

    /// <summary>What an array holds; nothing of anything else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>A property's text; empty where there is none.</summary>
    public static string Text(this JsonElement element, params ReadOnlySpan<string> names) => element.Get(names) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } other => other.GetRawText(),
        _ => "",
    };

    /// <summary>A property's date; null where there is none, or the one by which Go says so.</summary>
    public static DateTimeOffset? Date(this JsonElement element, params ReadOnlySpan<string> names) =>
        MomentReader.TryIso(element.Text(names), out var moment) && moment.Year > 1 ? moment : null;

    /// <summary>A property's number of milliseconds; null where there is none.</summary>
    public static double? Milliseconds(this JsonElement element, string name) =>
        double.TryParse(element.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
