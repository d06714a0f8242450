using System.Text.Json;
using System.Text.Json.Serialization;
using ProgressTelemetry.Demo.Pipelines.Catalog;

namespace ProgressTelemetry.Demo.Workers;

/// <summary>A file as a line of text: what a worker is given, and what it gives back.</summary>
[JsonSerializable(typeof(CatalogFile))]
internal sealed partial class FileLine : JsonSerializerContext
{
    public static string Write(CatalogFile file) => JsonSerializer.Serialize(file, Default.CatalogFile);

    public static CatalogFile Read(string line) => JsonSerializer.Deserialize(line, Default.CatalogFile) ?? throw new InvalidDataException("A line without a file.");
}
