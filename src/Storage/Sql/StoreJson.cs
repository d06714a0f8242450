using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProgressTelemetry.Storage;

/// <summary>Texts as one parameter of a command, however many there are.</summary>
[JsonSerializable(typeof(IReadOnlyCollection<string>))]
internal sealed partial class StoreJson : JsonSerializerContext
{
    public static string Texts(IReadOnlyCollection<string> texts) => JsonSerializer.Serialize(texts, Default.IReadOnlyCollectionString);
}
