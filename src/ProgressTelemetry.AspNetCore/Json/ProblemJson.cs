namespace ProgressTelemetry.AspNetCore.Json;

/// <summary>Problem details, RFC 9457.</summary>
internal sealed record ProblemJson(string Title, int Status, string Detail);
