using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// This file is compiled into each assembly that maps endpoints.
namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>Names of runs and what they do are nobody else's business: outside Development the endpoints answer only when the application has said who may see them.</summary>
/// <param name="services">The application's.</param>
/// <param name="logger">Told of the first refusal.</param>
/// <param name="subject">What is guarded, such as "progress page".</param>
/// <param name="method">The method that maps it.</param>
/// <param name="refuse">Answers 403 with this title and this detail.</param>
internal sealed partial class AccessGuard(IServiceProvider services, ILogger logger, string subject, string method, Func<HttpContext, string, string, Task> refuse)
{
    // Set by ASP.NET Core's AuthorizationMiddleware once it has looked at an endpoint, for its EndpointMiddleware to check. Were it ever renamed, the guard would refuse, not open.
    private const string Authorized = "__AuthorizationMiddlewareWithEndpointInvoked";

    private readonly bool _isDevelopment = services.GetService<IHostEnvironment>()?.IsDevelopment() == true;
    private readonly IAuthorizationPolicyProvider? _policies = services.GetService<IAuthorizationPolicyProvider>();
    private readonly string _refusal = Refusal(subject, method);
    private int _hasLogged;

    public static string Refusal(string subject, string method) =>
        $"Outside Development the {subject} answers only when the application says who may see it: write {method}().RequireAuthorization(), or {method}().AllowAnonymous() to open it to everybody.";

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
            LogRefused(subject, _refusal);
        }

        await refuse(context, $"The {subject} is closed", _refusal);
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

    [LoggerMessage(EventId = 2, EventName = "progress.page.refused", Level = LogLevel.Warning, Message = "A request for the {Subject} was refused. {Advice}")]
    private partial void LogRefused(string subject, string advice);
}
