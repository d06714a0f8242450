using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry.AspNetCore.Tests.Support;

namespace ProgressTelemetry.AspNetCore.Tests;

public sealed class MapProgressTests
{
    private static readonly string[] Paths = ["", "/", "/assets/page.js", "/assets/page.css", "/assets/icon.svg", "/runs", "/runs/a", "/runs/a/report", "/schema.json", "/events"];

    [Fact]
    public async Task RequireAuthorization_OnTheReturnedBuilder_CoversEveryEndpoint()
    {
        var mapped = new List<string>();
        await using var app = await ProgressApp.StartAsync(
            addServices: services =>
            {
                services.AddAuthentication("Refusing").AddScheme<AuthenticationSchemeOptions, RefusingHandler>("Refusing", null);
                services.AddAuthorization();
            },
            configure: app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapProgress().RequireAuthorization();
                mapped.AddRange(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText!));
            });

        Assert.Contains("/progress/events", mapped);
        foreach (var path in mapped.Select(p => p.Replace("{id}", "a", StringComparison.Ordinal)).Concat(Paths.Select(p => "/progress" + p)))
        {
            using var response = await app.Http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{path} answered {response.StatusCode}");
        }
    }

    [Fact]
    public async Task MapProgress_OnTheRootAndOnAPath_ServesBoth()
    {
        await using var app = await ProgressApp.StartAsync(configure: app =>
        {
            app.MapProgress("/").AllowAnonymous();
            app.MapProgress().AllowAnonymous();
        });
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a" });

        foreach (var path in Paths.SelectMany(p => new[] { "/progress" + p, p.Length == 0 ? "/" : p }))
        {
            using var response = await app.Http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path} answered {response.StatusCode}");
        }
    }

    [Theory]
    [InlineData("/progress", "./progress/")]
    [InlineData("/progress/", "")]
    [InlineData("/base/progress", "./progress/")]
    [InlineData("/base/progress/", "")]
    [InlineData("/base/r%C3%BCn%20s", "./r%C3%BCn%20s/")]
    public async Task Page_BehindAPathBase_LinksRelativeToItself(string path, string links)
    {
        await using var app = await ProgressApp.StartAsync(configure: app =>
        {
            app.UsePathBase("/base");
            app.UseRouting();
            app.MapProgress().AllowAnonymous();
            app.MapProgress("/rün s").AllowAnonymous();
        });

        var html = await app.Http.GetStringAsync(new Uri(path, UriKind.Relative));

        Assert.Contains($"src=\"{links}assets/page.js\"", html, StringComparison.Ordinal);
        var script = new Uri(new Uri(app.Address, path), $"{links}assets/page.js");
        using var response = await app.Http.GetAsync(script);
        Assert.Equal("text/javascript", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public void MapProgress_WithoutATracker_SaysWhatIsMissing()
    {
        var builder = WebApplication.CreateSlimBuilder();
        using var app = (IDisposable)builder.Build();

        var error = Assert.Throws<InvalidOperationException>(() => ((IEndpointRouteBuilder)app).MapProgress());

        Assert.Contains("AddProgressTracking()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MapProgress_NullPath_Throws()
    {
        using var app = (IDisposable)WebApplication.CreateSlimBuilder().Build();

        Assert.Throws<ArgumentNullException>("path", () => ((IEndpointRouteBuilder)app).MapProgress(null!));
    }

    [Fact]
    public async Task OutputCaching_WithABasePolicyForAll_KeepsNothingOfIt()
    {
        await using var app = await ProgressApp.StartAsync(
            addServices: services => services.AddOutputCache(options => options.AddBasePolicy(policy => policy.Expire(TimeSpan.FromHours(1)))),
            configure: app =>
            {
                app.UseOutputCache();
                app.MapProgress().AllowAnonymous();
                app.MapGet("/other", () => Guid.NewGuid().ToString());
            });

        foreach (var path in new[] { "/progress", "/progress/runs", "/progress/runs/a", "/progress/runs/a/report", "/progress/assets/page.js", "/progress/schema.json" })
        {
            using var first = await app.Http.GetAsync(new Uri(path, UriKind.Relative));
            using var second = await app.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Null(second.Headers.Age);
        }

        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a" });
        Assert.Contains("\"total\":1", await app.Http.GetStringAsync(new Uri("/progress/runs", UriKind.Relative)), StringComparison.Ordinal);

        // Guards the guard: the policy does keep what doesn't opt out.
        Assert.Equal(await app.Http.GetStringAsync(new Uri("/other", UriKind.Relative)), await app.Http.GetStringAsync(new Uri("/other", UriKind.Relative)));
    }

    private sealed class RefusingHandler(
        Microsoft.Extensions.Options.IOptionsMonitor<AuthenticationSchemeOptions> options,
        Microsoft.Extensions.Logging.ILoggerFactory loggers,
        System.Text.Encodings.Web.UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }
}
