namespace ProgressTelemetry.Demo.Commands;

/// <summary>Writes a run's report in the form that the file's extension names.</summary>
internal static class ReportFile
{
    public static bool Knows(FileInfo file) => file.Extension.ToLowerInvariant() is ".html" or ".md" or ".json";

    public static Task WriteAsync(FileInfo file, ProgressReport report) => File.WriteAllTextAsync(file.FullName, file.Extension.ToLowerInvariant() switch
    {
        ".html" => report.ToHtml(),
        ".md" => report.ToMarkdown(),
        _ => report.ToJson(),
    });
}
