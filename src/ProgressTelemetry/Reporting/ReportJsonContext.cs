using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProgressTelemetry.Reporting;

[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
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
        typeof(LowerCaseConverter<FindingKind>),
    ])]
[JsonSerializable(typeof(ProgressReport))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
