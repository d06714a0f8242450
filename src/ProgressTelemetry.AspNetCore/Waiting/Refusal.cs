using Microsoft.AspNetCore.Http;
using ProgressTelemetry.AspNetCore.Endpoints;

namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>The one answer to every token that opens nothing, whatever is wrong with it.</summary>
internal static class Refusal
{
    public static Task WriteAsync(HttpContext context) =>
        Body.WriteProblemAsync(context, StatusCodes.Status404NotFound, "Not found", "There is nothing at this address, or no longer: addresses of progress expire.");
}
