using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ProgressTelemetry.Mcp.Tests.Support;

namespace ProgressTelemetry.Mcp.Tests;

/// <summary>Who may ask when the application has said nothing, and when it has.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task NothingSaid_InProduction_Refuses()
    {
        await using var app = await McpApp.StartAsync(web => web.MapProgressMcp());
        app.Tracker.StartWorkflow("secret", ToolTests.Named("42"));
        using var http = new HttpClient();

        using var answer = await http.PostAsync(app.Endpoint, new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));

        Assert.Equal((HttpStatusCode.Forbidden, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("MapProgressMcp().RequireAuthorization()", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => app.ConnectAsync());
    }

    [Fact]
    public async Task NothingSaid_InDevelopment_Answers()
    {
        await using var app = await McpApp.StartAsync(web => web.MapProgressMcp(), environment: "Development");
        await using var client = await app.ConnectAsync();

        Assert.Equal("0 runs, 0 of them live.", (await client.AskAsync("list_runs")).Lines()[0]);
    }

    [Fact]
    public async Task RequireAuthorization_ChainedToIt_LetsInWhoIsSignedIn()
    {
        await using var app = await McpApp.StartAsync(
            web => web.MapProgressMcp().RequireAuthorization(),
            services =>
            {
                services.AddAuthentication("Test").AddScheme<AuthenticationSchemeOptions, TestScheme>("Test", null);
                services.AddAuthorization();
            });
        using var http = new HttpClient();
        using var answer = await http.PostAsync(app.Endpoint, new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);

        await using var client = await app.ConnectAsync("ann");

        Assert.Equal("0 runs, 0 of them live.", (await client.AskAsync("list_runs")).Lines()[0]);
    }

    [Fact]
    public void MapProgressMcp_SomethingIsMissing_SaysWhat()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var bare = builder.Build();
        Assert.Contains("AddProgressTracking()", Assert.Throws<InvalidOperationException>(() => bare.MapProgressMcp()).Message, StringComparison.Ordinal);

        builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddProgressTracking();
        var tracked = builder.Build();
        Assert.Contains("AddProgressMcp()", Assert.Throws<InvalidOperationException>(() => tracked.MapProgressMcp()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => tracked.MapProgressMcp(null!));
    }

    private sealed class TestScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers.Authorization is [{ } given] && given.StartsWith("Test ", StringComparison.Ordinal)
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, given[5..])], "Test")), "Test"))
                : AuthenticateResult.NoResult());
    }
}
