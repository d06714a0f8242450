using System.Text.Json.Serialization;
using ProgressTelemetry.Reporting;

namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>Source-generated, so that it works trimmed and compiled ahead of time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(SecondsConverter), typeof(MomentConverter), typeof(NumberConverter)])]
[JsonSerializable(typeof(LiveRunJson))]
[JsonSerializable(typeof(OperationJson))]
internal sealed partial class WaitingJsonContext : JsonSerializerContext;
