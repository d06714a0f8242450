using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ProgressTelemetry.Reporting;

/// <summary>How a report is written as JSON: in the words of <see cref="JsonVocabulary"/>.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new(ReportJsonContext.Default.Options)
    {
        TypeInfoResolver = ReportJsonContext.Default.WithAddedModifier(JsonVocabulary.NameDurations),
    };

    private static readonly JsonTypeInfo<ProgressReport> Type = (JsonTypeInfo<ProgressReport>)Options.GetTypeInfo(typeof(ProgressReport));

    public static string Write(ProgressReport report) => JsonSerializer.Serialize(report, Type);
}
