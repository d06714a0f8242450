using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProgressTelemetry.AspNetCore.Json;

/// <summary>Source-generated, so that it works trimmed and compiled ahead of time. The default encoder escapes all that HTML could take for markup.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(LowerCaseEnumConverter<WorkflowState>), typeof(LowerCaseEnumConverter<WorkflowResult>), typeof(LowerCaseEnumConverter<BottleneckKind>)])]
[JsonSerializable(typeof(RunsJson))]
[JsonSerializable(typeof(RunJson))]
[JsonSerializable(typeof(ProblemJson))]
internal sealed partial class ProgressJsonContext : JsonSerializerContext;

/// <summary>All the enums written here have names of one word, for which camelCase is lower case.</summary>
internal sealed class LowerCaseEnumConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where TEnum : struct, Enum;
