using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProgressTelemetry;
using ProgressTelemetry.AspNetCore.Endpoints;
using ProgressTelemetry.AspNetCore.Live;
using ProgressTelemetry.AspNetCore.Waiting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the live progress page and the data behind it.</summary>
public static class ProgressEndpointRouteBuilderExtensions
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Maps, under <paramref name="path"/>: the live page itself with its <c>assets/</c>; <c>runs</c>, a page of the active and the recently ended runs (<c>?workflow=&amp;state=&amp;q=&amp;since=&amp;skip=&amp;take=</c>,
    /// 50 unless <c>take</c> says otherwise, 500 at most), and <c>runs/{id}</c>, one of them, as JSON; <c>runs/{id}/report</c>, its report as JSON, Markdown or HTML (by <c>Accept</c>, or by <c>?format=json|md|html</c>);
    /// <c>events</c>, the same page of runs as server-sent events, at most four times a second; and <c>schema.json</c>, the JSON Schema of all these.
    /// </summary>
    /// <remarks>
    /// In the JSON, names are camelCase, states and results are lower-case words, moments are ISO 8601, and lengths of time are numbers of seconds whose names end in <c>Seconds</c>; what is unknown is left out.
    /// Reading changes nothing, and nothing is computed while nobody asks. May be called for several paths. Outside Development every request is answered with 403, unless <c>RequireAuthorization()</c> or
    /// <c>AllowAnonymous()</c> is chained to it or a fallback policy applies. Never kept by output caching.
    /// With <c>AddProgressTokens()</c> among the services it also maps <c>live/{token}</c>, <c>live/{token}/events</c>, <c>operations/{token}</c> and <c>progress-run.js</c>: for those who wait for a run, so none of what is chained to
    /// it covers them; a token opens the first three, the last is for everybody.
    /// </remarks>
    /// <param name="endpoints">The application, or a group of it.</param>
    /// <param name="path">Where the page is; it may be <c>/</c>.</param>
    /// <returns>One builder for all of these endpoints, so that <c>RequireAuthorization()</c> and other conventions cover every one of them.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">There is no <see cref="ProgressTracker"/> among the services: <c>AddProgressTracking()</c> is missing.</exception>
    public static IEndpointConventionBuilder MapProgress(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string path = "/progress")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);
        var services = endpoints.ServiceProvider;
        var tracker = services.GetService<ProgressTracker>()
            ?? throw new InvalidOperationException("MapProgress() found no ProgressTracker among the services. Call AddProgressTracking() on them first.");
        var stopping = services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var feed = ProgressFeed.For(tracker, loggers);
        var guard = new AccessGuard(
            services,
            loggers.CreateLogger(ProgressFeed.LogCategory),
            "progress page",
            nameof(MapProgress),
            (context, title, detail) => Body.WriteProblemAsync(context, StatusCodes.Status403Forbidden, title, detail));

        var group = endpoints.MapGroup(path);
        Read("", "Progress page", PageEndpoint.HandleAsync)
            .Describe(Signatures.Nothing, "The live progress page", "All runs with their stages, time left and stalls, as a page that follows them.")
            .Answers(StatusCodes.Status200OK, "The page.", "text/html");
        foreach (var asset in PageAsset.All)
        {
            Read($"/assets/{asset.Name}", $"Progress page: {asset.Name}", asset.HandleAsync).ExcludeFromDescription();
        }

        var runs = new RunEndpoints(tracker);
        Read("/runs", "Progress runs", runs.ListAsync)
            .Describe(Signatures.Runs, "A page of the runs", "The live and the recently ended runs that match: the stalled first, then the late, then the oldest, then the ended. Of schema.json: runs.")
            .AnswersJson(StatusCodes.Status200OK, "The runs.", "runs")
            .AnswersProblem(StatusCodes.Status400BadRequest, "What was asked for can't be meant.");
        Read("/runs/{id}", "Progress run", runs.ShowAsync)
            .Describe(Signatures.Run, "One run", "Where a run stands, with its stages, its milestones and its forecast. Of schema.json: run.")
            .AnswersJson(StatusCodes.Status200OK, "The run.", "run")
            .AnswersProblem(StatusCodes.Status404NotFound, "No run with this id is live or ended recently.");
        Read("/runs/{id}/report", "Progress report", new ReportEndpoint(tracker).HandleAsync)
            .Describe(Signatures.Report, "The report of a run", "How a run's time is used, what holds it up and what would help. Of schema.json: report.")
            .AnswersJson(StatusCodes.Status200OK, "The report.", "report", [.. ReportEndpoint.MediaTypes])
            .AnswersProblem(StatusCodes.Status400BadRequest, "There is no such format.")
            .AnswersProblem(StatusCodes.Status404NotFound, "No run with this id is live or ended recently.")
            .AnswersProblem(StatusCodes.Status406NotAcceptable, "None of the media types that are accepted.");
        Read("/schema.json", "Progress schema", SchemaEndpoint.HandleAsync)
            .Describe(Signatures.Nothing, "The JSON Schema of all answers", "What is in the bodies of the other answers.")
            .Answers(StatusCodes.Status200OK, "The schema.", "application/schema+json");
        group.MapMethods("/events", [HttpMethods.Get], guard.Guard(new EventStreamEndpoint(feed, TimeProvider.System, stopping).HandleAsync))
            .WithDisplayName("Progress events")
            .DisableRequestTimeout()
            .DisableHttpMetrics()
            .Describe(Signatures.Runs, "The runs as server-sent events", "Events of the name 'progress', at most four a second, each with a page of the runs that match. Of schema.json: runs.")
            .Answers(StatusCodes.Status200OK, "The events, until the reader leaves or the application stops.", EndpointDescriptions.Events)
            .AnswersProblem(StatusCodes.Status400BadRequest, "What was asked for can't be meant.");
        group.AnswersProblem(StatusCodes.Status403Forbidden, "The application has not said who may see it.");
        group.CacheOutput(policy => policy.NoCache());
        WaitingEndpoints.Map(endpoints, path, tracker, loggers, stopping);
        return group;

        IEndpointConventionBuilder Read([StringSyntax("Route")] string pattern, string name, RequestDelegate handler) =>
            group.MapMethods(pattern, Reading, guard.Guard(handler)).WithDisplayName(name);
    }
}
