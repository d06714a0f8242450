using System.Net;
using System.Text.Json;
using ProgressTelemetry.AspNetCore.Tests.Support;

namespace ProgressTelemetry.AspNetCore.Tests;

public sealed class ReportEndpointTests
{
    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("text/markdown", "text/markdown")]
    [InlineData("text/html", "text/html")]
    [InlineData("text/*", "text/html")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData("application/json;q=0.5, text/markdown;q=0.9", "text/markdown")]
    [InlineData("text/*;q=0.9, text/html;q=0.1, application/json;q=0", "text/markdown")]
    [InlineData("*/*, application/json;q=0", "text/html")]
    [InlineData("image/png, text/markdown;q=0.1", "text/markdown")]
    public async Task Report_ByAccept_TakesTheMostWantedForm(string? accept, string mediaType)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/progress/runs/a/report");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept", response.Headers.Vary);
    }

    [Fact]
    public async Task Report_NoFormIsAcceptable_Answers406()
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/progress/runs/a/report");
        request.Headers.Accept.ParseAdd("image/png");

        using var response = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("md")]
    [InlineData("HTML")]
    public async Task Report_ByFormat_IsThatReport(string format)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/progress/runs/a/report?format={format}");
        request.Headers.Accept.ParseAdd("image/png");

        using var response = await app.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("import", text, StringComparison.Ordinal);
        switch (format)
        {
            case "json":
                Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(text).RootElement.ValueKind);
                break;
            case "md":
                Assert.Contains("# ", text, StringComparison.Ordinal);
                break;
            default:
                Assert.Contains("<!doctype html", text, StringComparison.OrdinalIgnoreCase);
                break;
        }
    }

    [Fact]
    public async Task Report_UnknownFormat_Answers400AndNamesTheFormats()
    {
        await using var app = await StartAsync();

        using var response = await app.Http.GetAsync(new Uri("/progress/runs/a/report?format=pdf", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("md", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_AsHtml_MayNeitherRunNorLoadAnything()
    {
        await using var app = await StartAsync();

        using var response = await app.Http.GetAsync(new Uri("/progress/runs/a/report?format=html", UriKind.Relative));

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
    }

    private static async Task<ProgressApp> StartAsync()
    {
        var app = await ProgressApp.StartAsync();
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a" }).StartStage("load", 3).CompleteTask();
        return app;
    }
}
