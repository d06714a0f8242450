using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProgressTelemetry.Storage;

/// <summary>A share as text. What a later version of the library writes besides is passed over, so that versions may run beside each other.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunShare))]
internal sealed partial class ShareJson : JsonSerializerContext
{
    public static string Write(RunShare share) => JsonSerializer.Serialize(share, Default.RunShare);

    /// <summary>Null when it is no share.</summary>
    public static RunShare? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, Default.RunShare);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
