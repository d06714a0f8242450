using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>Names of runs and what they do are nobody else's business: outside Development the endpoints answer only when the application has said who may see them.</summary>
internal sealed partial class AccessGuard(IServiceProvider services, ILogger logger)
{
    internal const string Refusal =
        "Outside Development the progress page answers only when the application says who may see it: write MapProgress().RequireAuthorization(), or MapProgress().AllowAnonymous() to open it to everybody.";

    // Set by ASP.NET Core's AuthorizationMiddleware once it has looked at an endpoint, for its EndpointMiddleware to check. Were it ever renamed, the guard would refuse, not open.
    private const string Authorized = "__AuthorizationMiddlewareWithEndpointInvoked";

    private readonly bool _isDevelopment = services.GetService<IHostEnvironment>()?.IsDevelopment() == true;
    private readonly IAuthorizationPolicyProvider? _policies = services.GetService<IAuthorizationPolicyProvider>();
    private int _hasLogged;

    /// <summary>A handler that is called only when somebody has said who may call it.</summary>
    public RequestDelegate Guard(RequestDelegate handler) => async context =>
    {
        if (_isDevelopment || await IsDecidedAsync(context))
        {
            await handler(context);
            return;
        }

        if (Interlocked.Exchange(ref _hasLogged, 1) == 0)
        {
            LogRefused(Refusal);
        }

        await Body.WriteProblemAsync(context, StatusCodes.Status403Forbidden, "The progress page is closed", Refusal);
    };

    private async ValueTask<bool> IsDecidedAsync(HttpContext context)
    {
        // That an IAuthorizeData was heeded, the framework makes sure: without its middleware it throws.
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<IAllowAnonymous>() is not null || metadata?.GetMetadata<IAuthorizeData>() is not null)
        {
            return true;
        }

        return context.Items.ContainsKey(Authorized)
            && (metadata?.GetMetadata<AuthorizationPolicy>() is not null
                || metadata?.GetMetadata<IAuthorizationRequirementData>() is not null
                || (_policies is not null && await _policies.GetFallbackPolicyAsync() is not null));
    }

    [LoggerMessage(EventId = 2, EventName = "progress.page.refused", Level = LogLevel.Warning, Message = "A request for the progress page was refused. {Advice}")]
    private partial void LogRefused(string advice);
}
