using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProgressTelemetry.Reporting;

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProgressReport))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
