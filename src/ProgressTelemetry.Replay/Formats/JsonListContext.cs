using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProgressTelemetry.Replay.Formats;

[JsonSerializable(typeof(List<JsonElement>))]
internal sealed partial class JsonListContext : JsonSerializerContext;
