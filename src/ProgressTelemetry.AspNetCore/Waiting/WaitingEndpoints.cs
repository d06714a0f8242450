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
        const string NoSuch = "The token opens nothing, or no longer.";
        group.MapMethods("/live/{token?}", Reading, live.ShowAsync)
            .WithDisplayName("Progress of one run")
            .Describe(Signatures.Live, "One run, for whom a token was made", "As much of it as the token shows. Of schema.json: live.")
            .AnswersJson(StatusCodes.Status200OK, "The run; its state is 'unknown' while nobody knows it.", "live")
            .AnswersProblem(StatusCodes.Status404NotFound, NoSuch);
        group.MapMethods("/live/{token}/events", [HttpMethods.Get], live.FollowAsync)
            .WithDisplayName("Progress of one run: events")
            .DisableRequestTimeout()
            .DisableHttpMetrics()
            .Describe(Signatures.Live, "One run as server-sent events", "'progress' once a second while it runs, 'ended' when it has. Of schema.json: live.")
            .Answers(StatusCodes.Status200OK, "The events, until the run ends, the token expires, the reader leaves or the application stops.", EndpointDescriptions.Events)
            .AnswersProblem(StatusCodes.Status404NotFound, NoSuch);
        var monitor = group.MapMethods("/operations/{token?}", Reading, new OperationEndpoints(tokens, reader).ShowAsync)
            .WithDisplayName("Progress of an operation")
            .Describe(Signatures.Operation, "The status monitor of a long-running operation", "Asked again after Retry-After, until the operation is over. Of schema.json: operation.")
            .AnswersJson(StatusCodes.Status200OK, "The monitor.", "operation")
            .AnswersJson(StatusCodes.Status202Accepted, "The result was asked for and is not there yet: the monitor.", "operation")
            .Answers(StatusCodes.Status303SeeOther, "The result was asked for, and is at Location.")
            .Answers(StatusCodes.Status304NotModified, "The monitor says what the reader knows.")
            .AnswersProblem(StatusCodes.Status404NotFound, NoSuch)
            .AnswersProblem(StatusCodes.Status410Gone, "The result was asked for, and the operation was cancelled.")
            .AnswersProblem(StatusCodes.Status500InternalServerError, "The result was asked for, and the operation has failed.");
        if (services.GetRequiredService<OperationName>().Take())
        {
            monitor.WithName(OperationEndpoints.Name);
        }

        group.MapMethods($"/{PageAsset.Component.Name}", Reading, PageAsset.Component.HandleAsync)
            .WithDisplayName("Progress of one run: web component")
            .Describe(Signatures.Nothing, "The web component that shows one run", "A module that defines <progress-run> and exports subscribe().")
            .Answers(StatusCodes.Status200OK, "The module.", "text/javascript");
        group.CacheOutput(policy => policy.NoCache());
    }
}
