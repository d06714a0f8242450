using Microsoft.AspNetCore.Http;
using ProgressTelemetry.AspNetCore.Json;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>All runs, and one run, as JSON.</summary>
internal sealed class RunEndpoints(ProgressTracker tracker)
{
    public Task ListAsync(HttpContext context) =>
        Body.WriteJsonAsync(context, RunsJson.From(tracker), ProgressJsonContext.Default.RunsJson);

    public Task ShowAsync(HttpContext context) => RunId.Find(context, tracker.GetStatus) is { } status
        ? Body.WriteJsonAsync(context, RunJson.From(status), ProgressJsonContext.Default.RunJson)
        : RunId.WriteUnknownAsync(context);
}
