using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProgressTelemetry.AspNetCore.Endpoints;
using ProgressTelemetry.AspNetCore.Live;

namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>What is outside the page's authorization, because a token opens it.</summary>
internal static class WaitingEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder endpoints, string path, IRunReader reader, ILoggerFactory loggers, CancellationToken stopping)
    {
        var services = endpoints.ServiceProvider;
        if (services.GetService<ProgressTokens>() is not { } tokens)
        {
            return;
        }

        var clock = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var live = new LiveEndpoints(tokens, reader, new RunFeed(reader, clock, loggers.CreateLogger(ProgressFeed.LogCategory)), clock, stopping);
        var group = endpoints.MapGroup(path).AllowAnonymous();
        group.MapMethods("/live/{token?}", Reading, live.ShowAsync).WithDisplayName("Progress of one run");
        group.MapMethods("/live/{token}/events", [HttpMethods.Get], live.FollowAsync)
            .WithDisplayName("Progress of one run: events")
            .DisableRequestTimeout()
            .DisableHttpMetrics();
        var monitor = group.MapMethods("/operations/{token?}", Reading, new OperationEndpoints(tokens, reader).ShowAsync).WithDisplayName("Progress of an operation");
        if (services.GetRequiredService<OperationName>().Take())
        {
            monitor.WithName(OperationEndpoints.Name);
        }

        group.MapMethods($"/{PageAsset.Component.Name}", Reading, PageAsset.Component.HandleAsync).WithDisplayName("Progress of one run: web component");
        group.CacheOutput(policy => policy.NoCache());
    }
}
