using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using ProgressTelemetry.AspNetCore.Json;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>Writes whole bodies; to a HEAD request only their length.</summary>
internal static class Body
{
    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    public static Task WriteJsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        Prepare(context, "application/json; charset=utf-8");
        return WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(value, type));
    }

    public static Task WriteProblemAsync(HttpContext context, int status, string title, string detail)
    {
        Prepare(context, "application/problem+json");
        context.Response.StatusCode = status;
        return WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(new ProblemJson(title, status, detail), ProgressJson.Problem));
    }

    public static Task WriteBadQueryAsync(HttpContext context, BadHttpRequestException error) =>
        WriteProblemAsync(context, error.StatusCode, "Bad query", error.Message);

    /// <summary>What is live is not kept.</summary>
    public static void Prepare(HttpContext context, string contentType)
    {
        ResponseHeaders.Protect(context.Response);
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-store";
    }
}
