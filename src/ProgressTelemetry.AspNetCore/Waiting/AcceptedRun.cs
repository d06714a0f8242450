using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry.AspNetCore.Endpoints;
using ProgressTelemetry.AspNetCore.Waiting;

namespace ProgressTelemetry.AspNetCore;

/// <summary>
/// The answer to a request whose work goes on after it: 202, with the address of a status monitor in <c>Operation-Location</c> and, in <c>Retry-After</c>, when the forecast says that asking is worth it. Minimal APIs and
/// MVC controllers may return it. Made by <c>TypedResults.Extensions.AcceptedRun(run)</c>.
/// </summary>
public sealed class AcceptedRun : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    private readonly WorkflowRun _run;
    private readonly ProgressScope _scope;
    private readonly TimeSpan _lifetime;

    internal AcceptedRun(WorkflowRun run, ProgressScope scope, TimeSpan lifetime) => (_run, _scope, _lifetime) = (run, scope, lifetime);

    /// <summary>202.</summary>
    public int StatusCode { get; } = StatusCodes.Status202Accepted;

    int? IStatusCodeHttpResult.StatusCode => StatusCode;

    /// <summary>Writes the answer.</summary>
    /// <param name="httpContext">The request's.</param>
    /// <returns>A task that ends when it is written.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="httpContext"/> is null.</exception>
    /// <exception cref="InvalidOperationException">There is no status monitor: <c>AddProgressTokens()</c> or <c>MapProgress()</c> is missing.</exception>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var services = httpContext.RequestServices;
        var tokens = services.GetService<ProgressTokens>()
            ?? throw new InvalidOperationException("AcceptedRun() found no IProgressTokens among the services. Call AddProgressTokens() on them.");
        var token = tokens.Write(_scope, _lifetime);
        var monitor = services.GetService<LinkGenerator>()?.GetUriByName(httpContext, OperationEndpoints.Name, new RouteValueDictionary { ["token"] = token })
            ?? throw new InvalidOperationException("AcceptedRun() found no status monitor. Call MapProgress() on the application.");

        httpContext.Response.StatusCode = StatusCode;
        httpContext.Response.Headers["Operation-Location"] = monitor;
        return OperationEndpoints.WriteAsync(httpContext, _run.GetStatus(), _scope);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(object), [EndpointDescriptions.Json]));
        builder.Metadata.Add(new JsonBody(StatusCodes.Status202Accepted, "operation"));
    }
}
