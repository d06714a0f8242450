using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ProgressTelemetry.Reporting;

namespace ProgressTelemetry.Tool.Client;

/// <summary>A page of runs, as far as it is shown.</summary>
internal sealed record RunsPage
{
    public required int Total { get; init; }

    public required IReadOnlyList<WorkflowStatus> Runs { get; init; }
}

/// <summary>Reads what the application's page is told, in the words of <see cref="JsonVocabulary"/>.</summary>
internal static class ClientJson
{
    private static readonly JsonSerializerOptions Options = new(ClientJsonContext.Default.Options)
    {
        TypeInfoResolver = ClientJsonContext.Default.WithAddedModifier(JsonVocabulary.NameDurations),
    };

    public static JsonTypeInfo<WorkflowStatus> Run { get; } = (JsonTypeInfo<WorkflowStatus>)Options.GetTypeInfo(typeof(WorkflowStatus));

    public static JsonTypeInfo<RunsPage> Runs { get; } = (JsonTypeInfo<RunsPage>)Options.GetTypeInfo(typeof(RunsPage));
}

/// <summary>Names come from anywhere, and a terminal obeys what is hidden in them.</summary>
internal sealed class CleanTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() is { } text ? ReportText.Clean(text) : null;

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReportText.Clean(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(CleanTextConverter),
        typeof(SecondsConverter),
        typeof(MomentConverter),
        typeof(NumberConverter),
        typeof(LowerCaseConverter<WorkflowState>),
        typeof(LowerCaseConverter<WorkflowResult>),
        typeof(LowerCaseConverter<BottleneckKind>),
    ])]
[JsonSerializable(typeof(RunsPage))]
[JsonSerializable(typeof(WorkflowStatus))]
internal sealed partial class ClientJsonContext : JsonSerializerContext;
