using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProgressTelemetry.History;

/// <summary>The content of a history file: JSON with a format version.</summary>
internal sealed record HistoryFile
{
    /// <summary>The format that is written. A file of another format is set aside, not guessed at.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    /// <summary>The workflow of the newest profile first; each one's profiles newest first.</summary>
    public required IReadOnlyList<HistoryFileEntry> Workflows { get; init; }

    /// <exception cref="JsonException">The file is no history of this format.</exception>
    public static HistoryFile Parse(ReadOnlySpan<byte> utf8)
    {
        var file = JsonSerializer.Deserialize(utf8, HistoryJsonContext.Default.HistoryFile) ?? throw new JsonException("The file holds null.");
        if (file.Format != CurrentFormat)
            throw new JsonException($"The file's format is {file.Format}, not {CurrentFormat}.");
        if (file.Workflows is null || file.Workflows.Any(w => w is not { Workflow.Length: > 0, Profiles: not null } || w.Profiles.Any(p => p is not { IsValid: true })))
            throw new JsonException("A workflow or a profile in the file is incomplete or out of range.");
        return file;
    }

    /// <summary>As many workflows as fit into that many bytes, those of the newest profiles first.</summary>
    public static byte[] Write(IReadOnlyList<KeyValuePair<string, ImmutableArray<RunProfile>>> workflows, long maxBytes)
    {
        for (var count = workflows.Count; ; count /= 2)
        {
            var file = new HistoryFile
            {
                Format = CurrentFormat,
                Workflows = [.. workflows.Take(count).Select(w => new HistoryFileEntry { Workflow = w.Key, Profiles = w.Value })],
            };
            var bytes = JsonSerializer.SerializeToUtf8Bytes(file, HistoryJsonContext.Default.HistoryFile);
            if (bytes.LongLength <= maxBytes || count == 0)
                return bytes;
        }
    }
}

/// <summary>One workflow in a history file.</summary>
internal sealed record HistoryFileEntry
{
    public required string Workflow { get; init; }

    public required IReadOnlyList<RunProfile> Profiles { get; init; }
}

/// <summary>Generated at build time, so that reading and writing need no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryFile))]
internal sealed partial class HistoryJsonContext : JsonSerializerContext;
