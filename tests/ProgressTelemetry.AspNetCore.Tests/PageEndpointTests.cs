using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using ProgressTelemetry.AspNetCore.Endpoints;
using ProgressTelemetry.AspNetCore.Tests.Support;

namespace ProgressTelemetry.AspNetCore.Tests;

public sealed partial class PageEndpointTests
{
    [Fact]
    public async Task Page_Always_HasAPolicyAndNothingThatItForbids()
    {
        await using var app = await ProgressApp.StartAsync();

        using var response = await app.Http.GetAsync(new Uri("/progress", UriKind.Relative));
        var html = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.DoesNotContain("{base}", html, StringComparison.Ordinal);
        Assert.Empty(InlineCode().Matches(html).Select(m => m.Value));
        Assert.Empty(ForeignLink().Matches(html).Select(m => m.Value));
    }

    [Fact]
    public async Task Page_ApplicationWithItsOwnPolicy_KeepsIt()
    {
        await using var app = await ProgressApp.StartAsync(configure: app =>
        {
            app.Use((context, next) =>
            {
                context.Response.Headers.ContentSecurityPolicy = "default-src 'self' https://trusted.example";
                return next(context);
            });
            app.MapProgress().AllowAnonymous();
        });

        using var response = await app.Http.GetAsync(new Uri("/progress", UriKind.Relative));

        Assert.Equal("default-src 'self' https://trusted.example", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
    }

    [Fact]
    public async Task Assets_AskedForAgain_AreNotSentAgain()
    {
        await using var app = await ProgressApp.StartAsync();

        Assert.True(PageAsset.All.Count >= 10);
        foreach (var asset in PageAsset.All)
        {
            var address = new Uri($"/progress/assets/{asset.Name}", UriKind.Relative);
            using var first = await app.Http.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            Assert.NotEmpty(await first.Content.ReadAsByteArrayAsync());

            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var again = await app.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }
    }

    [Fact]
    public async Task Head_OfEachKindOfEndpoint_HasTheLengthAndNoBody()
    {
        await using var app = await ProgressApp.StartAsync();
        using var run = app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a" });

        foreach (var path in new[] { "/progress", "/progress/assets/page.js", "/progress/runs", "/progress/runs/a", "/progress/runs/a/report", "/progress/schema.json" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            using var response = await app.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.True(response.Content.Headers.ContentLength > 0, path);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    [GeneratedRegex("""<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InlineCode();

    [GeneratedRegex("""(src|href)="(https?:|//|/)""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ForeignLink();
}
