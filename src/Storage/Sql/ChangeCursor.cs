using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProgressTelemetry.Storage;

/// <summary>How far changes were read: all below <see cref="Floor"/>; and, within a reading of several pages, up to a share.</summary>
/// <param name="Floor">Changes with smaller numbers were read.</param>
/// <param name="Horizon">Where the next reading begins, once this one is through.</param>
/// <param name="Change">The last share that was read, by its change's number, and its key.</param>
/// <param name="RunId">Its run.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Participant">Its participant.</param>
internal sealed record ChangeCursor(long Floor, long? Horizon, long Change, string RunId, long Generation, string Participant)
{
    public static ChangeCursor Start(long floor) => new(floor, null, floor, "", -1, "");

    public static ChangeCursor Parse(string? text) => text is null ? Start(0) : JsonSerializer.Deserialize(text, CursorJson.Default.ChangeCursor)!;

    public override string ToString() => JsonSerializer.Serialize(this, CursorJson.Default.ChangeCursor);
}

/// <summary>A cursor as text.</summary>
[JsonSerializable(typeof(ChangeCursor))]
internal sealed partial class CursorJson : JsonSerializerContext;
