using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ProgressTelemetry.AspNetCore.Endpoints;
using ProgressTelemetry.AspNetCore.Tests.Support;
using ProgressTelemetry.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace ProgressTelemetry.AspNetCore.Tests.Page;

/// <summary>The page in Production, in a real browser: closed, for those who signed in, for everybody.</summary>
public sealed class AccessPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [RealPartFact("chromium")]
    public async Task NothingSaid_TheBrowserShowsWhatToWrite()
    {
        await using var app = await ProgressApp.StartAsync(configure: app => app.MapProgress());
        app.Tracker.StartWorkflow("secret");
        await using var watched = await chromium.OpenAsync();

        var response = await watched.Page.GotoAsync(new Uri(app.Address, "/progress").AbsoluteUri);

        Assert.Equal(StatusCodes.Status403Forbidden, response!.Status);
        await Expect(watched.Page.Locator("body")).ToContainTextAsync(AccessGuard.Refusal("progress page", "MapProgress"));
        await Expect(watched.Page.Locator("body")).Not.ToContainTextAsync("secret");
    }

    [RealPartFact("chromium")]
    public async Task RequireAuthorization_SignedIn_ThePageAndItsEventsWork()
    {
        await using var app = await ProgressApp.StartAsync(
            addServices: services =>
            {
                services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options => options.LoginPath = "/login");
                services.AddAuthorization();
            },
            configure: app =>
            {
                app.MapProgress().RequireAuthorization();
                app.MapGet("/favicon.ico", () => Results.NoContent());
                app.MapGet("/login", () => Results.Content("<h1>Sign in</h1>", "text/html"));
                app.MapGet("/signed-in", (HttpContext context) =>
                    context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ann")], "test"))));
            });
        var stage = app.Tracker.StartWorkflow("import").StartStage("load", 10);
        await using var watched = await chromium.OpenAsync();
        var page = watched.Page;

        await page.GotoAsync(new Uri(app.Address, "/progress").AbsoluteUri);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.GotoAsync(new Uri(app.Address, "/signed-in").AbsoluteUri);
        await watched.GoToAsync(new Uri(app.Address, "/progress"));

        await Expect(page.Locator(".run-tasks")).ToHaveTextAsync("0 of 10 tasks");
        stage.CompleteTasks(4);
        await Expect(page.Locator(".run-tasks")).ToHaveTextAsync("4 of 10 tasks");
        await watched.AssertCleanAsync();
    }

    [RealPartFact("chromium")]
    public async Task AllowAnonymous_ThePageAndItsEventsWork()
    {
        await using var app = await ProgressApp.StartAsync(configure: app => app.MapProgress().AllowAnonymous());
        var stage = app.Tracker.StartWorkflow("import").StartStage("load", 10);
        await using var watched = await chromium.OpenAsync();
        await watched.GoToAsync(new Uri(app.Address, "/progress"));

        stage.CompleteTasks(4);

        await Expect(watched.Page.Locator(".run-tasks")).ToHaveTextAsync("4 of 10 tasks");
        await watched.AssertCleanAsync();
    }
}
