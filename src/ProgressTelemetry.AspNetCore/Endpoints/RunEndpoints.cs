using Microsoft.AspNetCore.Http;
using ProgressTelemetry.AspNetCore.Json;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>A page of the runs, and one run, as JSON.</summary>
internal sealed class RunEndpoints(IRunReader reader)
{
    public Task ListAsync(HttpContext context)
    {
        RunsRequest request;
        try
        {
            request = RunsRequest.Parse(context.Request.Query);
        }
        catch (BadHttpRequestException error)
        {
            return Body.WriteBadQueryAsync(context, error);
        }

        return Body.WriteJsonAsync(context, RunsJson.Read(reader, request, OverallJson.Read(reader)), ProgressJson.Runs);
    }

    public Task ShowAsync(HttpContext context) => RunId.Find(context, reader.GetStatus) is { } status
        ? Body.WriteJsonAsync(context, status, ProgressJson.Run)
        : RunId.WriteUnknownAsync(context);
}
