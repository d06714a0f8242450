using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProgressTelemetry.History;

/// <summary>The content of a history file: JSON with a format version.</summary>
internal sealed record HistoryFile
{
    /// <summary>The format that is written; the one before is read as well. A file of another format is set aside, not guessed at.</summary>
    public const int CurrentFormat = 2;

    /// <summary>What closes the list of workflows and the file.</summary>
    private const int EndBytes = 2;

    public required int Format { get; init; }

    /// <summary>The workflow of the newest profile first; each one's profiles newest first.</summary>
    public required IReadOnlyList<HistoryFileEntry> Workflows { get; init; }

    /// <exception cref="JsonException">The file is no history of a known format.</exception>
    public static HistoryFile Parse(ReadOnlySpan<byte> utf8)
    {
        var head = JsonSerializer.Deserialize(utf8, HistoryJsonContext.Default.HistoryFileHead) ?? throw new JsonException("The file holds null.");
        var file = head.Format switch
        {
            1 => JsonSerializer.Deserialize(utf8, HistoryJsonContext.Default.HistoryFormat1)!.ToCurrent(),
            CurrentFormat => JsonSerializer.Deserialize(utf8, HistoryJsonContext.Default.HistoryFile)!,
            _ => throw new JsonException($"The file's format is {head.Format}, not {CurrentFormat} or 1."),
        };
        if (file.Workflows is null || file.Workflows.Any(w => w is not { Workflow.Length: > 0, Profiles: not null } || w.Profiles.Any(p => p is not { IsValid: true })))
            throw new JsonException("A workflow or a profile in the file is incomplete or out of range.");
        return file;
    }

    /// <summary>As many workflows as fit into that many bytes, those of the newest profiles first.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<KeyValuePair<string, ImmutableArray<RunProfile>>> workflows, long maxBytes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var commaBytes = 0;
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", CurrentFormat);
            writer.WriteStartArray("workflows");
            foreach (var workflow in workflows)
            {
                var entry = JsonSerializer.SerializeToUtf8Bytes(new HistoryFileEntry { Workflow = workflow.Key, Profiles = workflow.Value }, HistoryJsonContext.Default.HistoryFileEntry);
                if (writer.BytesCommitted + writer.BytesPending + commaBytes + entry.Length + EndBytes > maxBytes)
                    continue;
                writer.WriteRawValue(entry, skipInputValidation: true);
                commaBytes = 1;
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}

/// <summary>One workflow in a history file.</summary>
internal sealed record HistoryFileEntry
{
    public required string Workflow { get; init; }

    public required IReadOnlyList<RunProfile> Profiles { get; init; }
}

/// <summary>What all formats have in common.</summary>
internal sealed record HistoryFileHead
{
    public required int Format { get; init; }
}

/// <summary>Generated at build time, so that reading and writing need no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryFile))]
[JsonSerializable(typeof(HistoryFileHead))]
[JsonSerializable(typeof(HistoryFormat1))]
internal sealed partial class HistoryJsonContext : JsonSerializerContext;
