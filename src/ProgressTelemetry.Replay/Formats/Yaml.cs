using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>Reads a YAML document as the JSON that it could have been; its scalars are text, or null.</summary>
internal static class Yaml
{
    /// <summary>Reads a text.</summary>
    /// <exception cref="TraceFormatException">It is no YAML, or has what JSON has not: aliases, keys that are no text.</exception>
    public static JsonElement Parse(string file, string text)
    {
        try
        {
            using var json = new MemoryStream();
            using (var writer = new Utf8JsonWriter(json))
            {
                Write(file, new Parser(new StringReader(text)), writer);
            }

            using var document = JsonDocument.Parse(json.ToArray());
            return document.RootElement.Clone();
        }
        catch (YamlException e)
        {
            throw new TraceFormatException(file, (long)e.Start.Line, "it is no YAML that can be read here: " + e.Message.ReplaceLineEndings(" "), e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new TraceFormatException(file, null, "it is no YAML that can be read here: it is empty, or nested too deeply", e);
        }
    }

    private static void Write(string file, Parser parser, Utf8JsonWriter writer)
    {
        var places = new Stack<Place>();
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        while (!parser.TryConsume<DocumentEnd>(out _))
        {
            var e = parser.Consume<ParsingEvent>();
            var isKey = places.TryPeek(out var place) && place == Place.Key;
            switch (e)
            {
                case Scalar scalar:
                    WriteScalar(writer, scalar, isKey);
                    Next(places);
                    break;
                case MappingStart when !isKey:
                    writer.WriteStartObject();
                    places.Push(Place.Key);
                    break;
                case SequenceStart when !isKey:
                    writer.WriteStartArray();
                    places.Push(Place.Item);
                    break;
                case MappingEnd:
                    writer.WriteEndObject();
                    places.Pop();
                    Next(places);
                    break;
                case SequenceEnd:
                    writer.WriteEndArray();
                    places.Pop();
                    Next(places);
                    break;
                default:
                    throw new TraceFormatException(file, (long)e.Start.Line, "an alias, or a key that is no text, is not read here");
            }
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, Scalar scalar, bool isKey)
    {
        if (isKey)
        {
            writer.WritePropertyName(scalar.Value);
        }
        else if (scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" })
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteStringValue(scalar.Value);
        }
    }

    /// <summary>In a mapping, keys and values take turns.</summary>
    private static void Next(Stack<Place> places)
    {
        if (places.TryPeek(out var place) && place != Place.Item)
        {
            places.Pop();
            places.Push(place == Place.Key ? Place.Value : Place.Key);
        }
    }

    /// <summary>What comes next in the collection that is being read.</summary>
    private enum Place
    {
        Key,
        Value,
        Item,
    }
}
