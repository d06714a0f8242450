namespace ProgressTelemetry.Demo;

/// <summary>Writes CSV fields as RFC 4180 wants them.</summary>
internal static class Csv
{
    public static string Field(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
