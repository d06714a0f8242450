using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProgressTelemetry.AspNetCore.Endpoints;
using ProgressTelemetry.AspNetCore.Tests.Support;

namespace ProgressTelemetry.AspNetCore.Tests;

/// <summary>Who may see the page when the application has said nothing, and when it has.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task Production_NothingSaid_RefusesEveryEndpointAndLogsOnce()
    {
        var log = new WarningRecorder();
        var mapped = new List<string>();
        await using var app = await ProgressApp.StartAsync(
            addServices: services => services.AddSingleton<ILoggerProvider>(log),
            configure: app =>
            {
                app.MapProgress();
                mapped.AddRange(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText!));
            });
        app.Tracker.StartWorkflow("secret", new WorkflowRunOptions { RunId = "a" });

        Assert.Contains("/progress/events", mapped);
        foreach (var path in mapped.Select(p => p.Replace("{id}", "a", StringComparison.Ordinal)))
        {
            using var response = await app.Http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            Assert.True(response.StatusCode == HttpStatusCode.Forbidden, $"{path} answered {response.StatusCode}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.True(response.Headers.CacheControl?.NoStore);
            Assert.Equal(AccessGuard.Refusal("progress page", "MapProgress"), JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString());
        }

        Assert.Contains("MapProgress().RequireAuthorization()", Assert.Single(log.Warnings, text => text.Contains("progress page was refused", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Development", HttpStatusCode.OK)]
    [InlineData("Staging", HttpStatusCode.Forbidden)]
    public async Task NothingSaid_OnlyDevelopmentIsOpen(string environment, HttpStatusCode expected)
    {
        await using var app = await ProgressApp.StartAsync(configure: app => app.MapProgress(), environment: environment);

        Assert.Equal(expected, await StatusAsync(app));
    }

    [Fact]
    public async Task AllowAnonymous_OnAGroupAround_Opens()
    {
        await using var app = await ProgressApp.StartAsync(configure: app => app.MapGroup("").AllowAnonymous().MapProgress());

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app));
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.Forbidden)]
    public async Task FallbackPolicy_Applies_IsHeeded(bool isSatisfied, HttpStatusCode expected)
    {
        await using var app = await ProgressApp.StartAsync(
            addServices: services => AddAuthorization(services, options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => isSatisfied).Build()),
            configure: app => app.MapProgress());

        using var response = await app.Http.GetAsync(new Uri("/progress/runs", UriKind.Relative));

        Assert.Equal(expected, response.StatusCode);
        Assert.DoesNotContain("MapProgress()", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>A fallback policy that no middleware applies protects nothing.</summary>
    [Fact]
    public async Task FallbackPolicy_ItsMiddlewareNeverSeesTheEndpoint_IsNoAnswer()
    {
        await using var app = await ProgressApp.StartAsync(
            addServices: services => AddAuthorization(services, options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build()),
            configure: app =>
            {
                // Before the routing, where it finds no endpoint; and by its presence the application adds none of its own.
                app.UseAuthentication();
                app.UseAuthorization();
                app.UseRouting();
                app.MapProgress();
            });

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(app));
    }

    [Fact]
    public async Task AuthorizationServices_WithoutAFallbackPolicy_AreNoAnswer()
    {
        await using var app = await ProgressApp.StartAsync(addServices: services => AddAuthorization(services, _ => { }), configure: app => app.MapProgress());

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(app));
    }

    private static void AddAuthorization(IServiceCollection services, Action<AuthorizationOptions> configure)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options => options.Events.OnRedirectToAccessDenied = options.Events.OnRedirectToLogin = context =>
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            });
        services.AddAuthorization(configure);
    }

    private static async Task<HttpStatusCode> StatusAsync(ProgressApp app)
    {
        using var response = await app.Http.GetAsync(new Uri("/progress/runs", UriKind.Relative));
        return response.StatusCode;
    }

    private sealed class WarningRecorder : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Warnings { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
            {
                Warnings.Enqueue(formatter(state, exception));
            }
        }
    }
}
