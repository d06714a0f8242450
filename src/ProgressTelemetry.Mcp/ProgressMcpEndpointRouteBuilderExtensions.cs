using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;
using ProgressTelemetry;
using ProgressTelemetry.AspNetCore.Endpoints;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint of the Model Context Protocol that tells agents of runs.</summary>
public static class ProgressMcpEndpointRouteBuilderExtensions
{
    /// <summary>Maps the server that <c>AddProgressMcp()</c> added, over streamable HTTP.</summary>
    /// <remarks>
    /// Outside Development every request is answered with 403, unless <c>RequireAuthorization()</c> or <c>AllowAnonymous()</c> is chained to it or a fallback policy applies. Who may call it sees all runs, as on the page of
    /// <c>MapProgress()</c>.
    /// </remarks>
    /// <param name="endpoints">The application, or a group of it.</param>
    /// <param name="path">Where the endpoint is.</param>
    /// <returns>A builder for conventions such as <c>RequireAuthorization()</c>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException"><c>AddProgressMcp()</c> or <c>AddProgressTracking()</c> is missing among the services.</exception>
    public static IEndpointConventionBuilder MapProgressMcp(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string path = "/mcp")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);
        var services = endpoints.ServiceProvider;
        if (services.GetService<ProgressTracker>() is null)
        {
            throw new InvalidOperationException("MapProgressMcp() found no ProgressTracker among the services. Call AddProgressTracking() on them first.");
        }

        if (!services.GetServices<McpServerTool>().Any(tool => tool.ProtocolTool.Name == "wait_for"))
        {
            throw new InvalidOperationException("MapProgressMcp() found no tools among the services. Call AddProgressMcp() on them first.");
        }

        var guard = new AccessGuard(
            services,
            services.GetRequiredService<ILoggerFactory>().CreateLogger("ProgressTelemetry.Mcp"),
            "progress endpoint for agents",
            nameof(MapProgressMcp),
            (context, title, detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status403Forbidden, title: title).ExecuteAsync(context));
        var group = endpoints.MapMcp(path);
        group.Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } handler)
            {
                endpoint.RequestDelegate = guard.Guard(handler);
            }
        });
        return group.DisableRequestTimeout();
    }
}
