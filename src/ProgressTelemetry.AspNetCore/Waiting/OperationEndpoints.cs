using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ProgressTelemetry.AspNetCore.Endpoints;

namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>The status monitor of a long-running operation.</summary>
internal sealed class OperationEndpoints(ProgressTokens tokens, IRunReader reader)
{
    /// <summary>The endpoint's name, by which <see cref="AcceptedRun"/> finds its address.</summary>
    internal const string Name = "ProgressTelemetry.Operation";

    public Task ShowAsync(HttpContext context)
    {
        if (!tokens.TryRead(context.Request.RouteValues["token"] as string, out var scope, out _) || scope.Kind != ScopeKind.Operation)
        {
            return Refusal.WriteAsync(context);
        }

        var status = scope.Find(reader);
        return AsksForResult(context.Request) ? WriteResultAsync(context, status, scope) : WriteAsync(context, status, scope);
    }

    /// <summary>Writes what the monitor shows, or that it is what the reader has already.</summary>
    public static Task WriteAsync(HttpContext context, WorkflowStatus? status, ProgressScope scope)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(OperationJson.Of(status, scope), WaitingJson.Operation);
        var response = context.Response;
        Body.Prepare(context, "application/json; charset=utf-8");
        if (RetryAfter.Seconds(status) is { } seconds)
        {
            response.Headers.RetryAfter = $"{seconds}";
        }

        if (response.StatusCode == StatusCodes.Status200OK)
        {
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\"");
            var headers = response.GetTypedHeaders();
            headers.ETag = tag;
            headers.CacheControl = new CacheControlHeaderValue { NoCache = true, Private = true };
            if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                response.ContentType = null;
                return Task.CompletedTask;
            }
        }

        return Body.WriteAsync(context, body);
    }

    /// <summary>Leads to the result: 303 when it is there, 202 while it isn't, and a problem when it never will be.</summary>
    private static Task WriteResultAsync(HttpContext context, WorkflowStatus? status, ProgressScope scope)
    {
        var monitor = OperationJson.Of(status, scope);
        if (monitor.Error is { } error)
        {
            var code = status!.State == WorkflowState.Cancelled ? StatusCodes.Status410Gone : StatusCodes.Status500InternalServerError;
            return Body.WriteProblemAsync(context, code, error.Message, $"There is no result: {error.Code}.");
        }

        if (monitor.ResourceLocation is { } location)
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = location;
            context.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }

        context.Response.StatusCode = monitor.Status == OperationJson.Succeeded ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        return WriteAsync(context, status, scope);
    }

    private static bool AsksForResult(HttpRequest request) => string.Equals(request.Query["redirect"], "true", StringComparison.OrdinalIgnoreCase);
}
