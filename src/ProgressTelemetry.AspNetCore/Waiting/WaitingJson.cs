using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ProgressTelemetry.Reporting;

namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>In the words of <see cref="JsonVocabulary"/>, as all that is written of runs.</summary>
internal static class WaitingJson
{
    private static readonly JsonSerializerOptions Options = new(WaitingJsonContext.Default.Options)
    {
        TypeInfoResolver = WaitingJsonContext.Default.WithAddedModifier(JsonVocabulary.NameDurations),
    };

    public static JsonTypeInfo<LiveRunJson> Run { get; } = Type<LiveRunJson>();

    public static JsonTypeInfo<OperationJson> Operation { get; } = Type<OperationJson>();

    private static JsonTypeInfo<T> Type<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
}
