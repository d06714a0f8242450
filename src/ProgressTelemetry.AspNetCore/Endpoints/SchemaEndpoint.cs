using Microsoft.AspNetCore.Http;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>The JSON Schema of all that the other endpoints answer.</summary>
internal static class SchemaEndpoint
{
    internal const string FileName = "schema.json";

    private static readonly byte[] Schema = PageAsset.Read(FileName);

    public static Task HandleAsync(HttpContext context)
    {
        ResponseHeaders.Protect(context.Response);
        context.Response.ContentType = "application/schema+json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        return Body.WriteAsync(context, Schema);
    }
}
