using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ProgressTelemetry.Reporting;

namespace ProgressTelemetry.AspNetCore.Json;

/// <summary>What the endpoints write, in the words of <see cref="JsonVocabulary"/>: those in which reports are written too.</summary>
internal static class ProgressJson
{
    private static readonly JsonSerializerOptions Options = new(ProgressJsonContext.Default.Options)
    {
        TypeInfoResolver = ProgressJsonContext.Default.WithAddedModifier(JsonVocabulary.NameDurations),
    };

    public static JsonTypeInfo<RunsJson> Runs { get; } = Type<RunsJson>();

    public static JsonTypeInfo<WorkflowStatus> Run { get; } = Type<WorkflowStatus>();

    public static JsonTypeInfo<ProblemJson> Problem { get; } = Type<ProblemJson>();

    private static JsonTypeInfo<T> Type<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
}
