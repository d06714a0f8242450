using System.Text.Json.Serialization;
using ProgressTelemetry.Reporting;

namespace ProgressTelemetry.AspNetCore.Json;

/// <summary>Source-generated, so that it works trimmed and compiled ahead of time. The default encoder escapes all that HTML could take for markup.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters =
    [
        typeof(SecondsConverter),
        typeof(MomentConverter),
        typeof(NumberConverter),
        typeof(LowerCaseConverter<WorkflowState>),
        typeof(LowerCaseConverter<WorkflowResult>),
        typeof(LowerCaseConverter<BottleneckKind>),
        typeof(LowerCaseConverter<ParticipantState>),
    ])]
[JsonSerializable(typeof(RunsJson))]
[JsonSerializable(typeof(WorkflowStatus))]
[JsonSerializable(typeof(ProblemJson))]
internal sealed partial class ProgressJsonContext : JsonSerializerContext;
