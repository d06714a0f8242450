using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry.AspNetCore.Tests.Page;
using ProgressTelemetry.AspNetCore.Tests.Support;

namespace ProgressTelemetry.AspNetCore.Tests.OpenApi;

/// <summary>The endpoints in an application's OpenAPI document, by Microsoft.AspNetCore.OpenApi.</summary>
public sealed class OpenApiTests(OpenApiTests.DescribedApp app) : IClassFixture<OpenApiTests.DescribedApp>
{
    /// <summary>Whatever is mapped, now or later, is described; but for the files that the page loads.</summary>
    [Fact]
    public void Document_OfEveryEndpoint_HasSummaryTagAndAnswers()
    {
        var described = app.Document.GetProperty("paths");

        var mapped = app.Mapped.Where(path => !path.Contains("/assets/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        Assert.Contains("/progress/operations/{token}", mapped);
        Assert.Contains("/mine/{id}", mapped);
        Assert.Equal(mapped, described.EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
        Assert.All(
            described.EnumerateObject().Where(path => path.Name.StartsWith("/progress", StringComparison.Ordinal)).SelectMany(path => path.Value.EnumerateObject()),
            operation =>
            {
                Assert.Equal("Progress", Assert.Single(operation.Value.GetProperty("tags").EnumerateArray()).GetString());
                Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
                Assert.NotEmpty(operation.Value.GetProperty("description").GetString()!);
                Assert.All(operation.Value.GetProperty("responses").EnumerateObject(), answer => Assert.EndsWith(".", answer.Value.GetProperty("description").GetString(), StringComparison.Ordinal));
            });
    }

    [Theory]
    [InlineData("/progress", "", "200 403")]
    [InlineData("/progress/runs", "q since skip state take workflow", "200 400 403")]
    [InlineData("/progress/runs/{id}", "id!", "200 403 404")]
    [InlineData("/progress/runs/{id}/report", "format id!", "200 400 403 404 406")]
    [InlineData("/progress/events", "q since skip state take workflow", "200 400 403")]
    [InlineData("/progress/schema.json", "", "200 403")]
    [InlineData("/progress/progress-run.js", "", "200")]
    [InlineData("/progress/live/{token}", "token!", "200 404")]
    [InlineData("/progress/live/{token}/events", "token!", "200 404")]
    [InlineData("/progress/operations/{token}", "redirect token!", "200 202 303 304 404 410 500")]
    [InlineData("/mine/{id}", "id!", "202")]
    public void Document_OfAnEndpoint_HasWhatItIsAskedAndAllThatItAnswers(string path, string parameters, string answers)
    {
        var operation = Operation(path);

        var named = operation.TryGetProperty("parameters", out var all)
            ? all.EnumerateArray().Select(p => p.GetProperty("name").GetString() + (p.TryGetProperty("required", out var required) && required.GetBoolean() ? "!" : ""))
            : [];
        Assert.Equal(parameters, string.Join(' ', named.Order(StringComparer.Ordinal)));
        Assert.Equal(answers, string.Join(' ', operation.GetProperty("responses").EnumerateObject().Select(answer => answer.Name).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Document_OfAQuery_HasItsLimits()
    {
        var take = Operation("/progress/runs").GetProperty("parameters").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "take");

        var schema = take.GetProperty("schema");
        Assert.Equal((1, RunQuery.MaxTake, 50), (schema.GetProperty("minimum").GetInt32(), schema.GetProperty("maximum").GetInt32(), schema.GetProperty("default").GetInt32()));
        Assert.NotEmpty(take.GetProperty("description").GetString()!);
    }

    /// <summary>What is answered is among what is described, with a media type that is described.</summary>
    [Theory]
    [InlineData("/progress", "")]
    [InlineData("/progress/runs", "")]
    [InlineData("/progress/runs", "?take=0")]
    [InlineData("/progress/runs/{id}", "")]
    [InlineData("/progress/runs/{id}/report", "?format=html")]
    [InlineData("/progress/runs/{id}/report", "?format=md")]
    [InlineData("/progress/runs/{id}/report", "?format=xml")]
    [InlineData("/progress/events", "")]
    [InlineData("/progress/schema.json", "")]
    [InlineData("/progress/progress-run.js", "")]
    [InlineData("/progress/live/{token}", "")]
    [InlineData("/progress/live/{token}/events", "")]
    [InlineData("/progress/operations/{token}", "")]
    public async Task Answer_Real_IsDescribed(string path, string query)
    {
        var responses = Operation(path).GetProperty("responses");
        foreach (var known in (bool[])[true, false])
        {
            var address = path.Replace("{id}", known ? "catalog-1842" : "nobody", StringComparison.Ordinal).Replace("{token}", known ? app.Token : "x", StringComparison.Ordinal) + query;
            using var answer = await app.Http.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

            Assert.True(responses.TryGetProperty($"{(int)answer.StatusCode}", out var described), $"{address} answered {answer.StatusCode}");
            var mediaType = answer.Content.Headers.ContentType?.MediaType!;
            Assert.True(described.GetProperty("content").TryGetProperty(mediaType, out var content), $"{address} answered {mediaType}");
            if (mediaType is "application/json" or "application/problem+json")
            {
                Schema.AssertValid(app.Document, content.GetProperty("schema"), await answer.Content.ReadAsStringAsync());
            }
        }
    }

    [Fact]
    public void Document_OfEveryJsonAnswer_HasItsSchema()
    {
        var schemas = app.Document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.GetProperty("get").GetProperty("responses").EnumerateObject())
            .SelectMany(response => response.Value.TryGetProperty("content", out var contents) ? contents.EnumerateObject() : default)
            .Where(content => content.Name is "application/json" or "application/problem+json")
            .Select(content => content.Value.GetProperty("schema").TryGetProperty("$ref", out var reference) ? reference.GetString() : null)
            .Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(
            ["#/components/schemas/ProgressLive", "#/components/schemas/ProgressOperation", "#/components/schemas/ProgressProblem", "#/components/schemas/ProgressReport", "#/components/schemas/ProgressRun", "#/components/schemas/ProgressRuns"],
            schemas);
    }

    /// <summary>The document's schemas say all that the served one says.</summary>
    [Fact]
    public void Document_Components_AreTheServedDefinitions()
    {
        var served = JsonNode.Parse(File.ReadAllText(Schema.Shipped))!["$defs"]!.AsObject();
        var components = app.Document.GetProperty("components").GetProperty("schemas");
        Assert.All(served, definition =>
        {
            var name = Capital(definition.Key);
            var parts = definition.Value!.ToJsonString().Split("#/$defs/");
            var expected = JsonNode.Parse(string.Join("#/components/schemas/", parts.Select((part, i) => i == 0 ? part : Capital(part))));
            Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(components.GetProperty(name).GetRawText())), $"{name}: {components.GetProperty(name).GetRawText()} is not {expected}");
        });

        static string Capital(string name) => $"Progress{char.ToUpperInvariant(name[0])}{name[1..]}";
    }

    [Fact]
    public async Task Document_OfAnApplicationWithoutProgress_HasNoSchemasOfIt()
    {
        await using var other = await ProgressApp.StartAsync(
            null,
            web =>
            {
                web.MapGet("/mine", () => "mine");
                web.MapOpenApi();
            },
            services => services.AddOpenApi(options => options.AddProgressSchemas()));

        Assert.DoesNotContain("ProgressRun", await other.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)), StringComparison.Ordinal);
    }

    private JsonElement Operation(string path) => app.Document.GetProperty("paths").GetProperty(path).GetProperty("get");

    /// <summary>An application with all endpoints, and one that answers with a run.</summary>
    public sealed class DescribedApp : IAsyncLifetime
    {
        private ProgressApp _app = null!;

        internal HttpClient Http => _app.Http;

        internal JsonElement Document { get; private set; }

        internal string[] Mapped { get; private set; } = [];

        internal string Token { get; private set; } = "";

        public async Task InitializeAsync()
        {
            var tracker = BusyTracker.Make();
            _app = await ProgressApp.StartAsync(
                tracker,
                web =>
                {
                    web.MapProgress().AllowAnonymous();
                    web.MapGet("/mine/{id}", (string id) => TypedResults.Extensions.AcceptedRun(tracker.StartWorkflow("mine", new WorkflowRunOptions { RunId = id })));
                    Mapped = [.. ((IEndpointRouteBuilder)web).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText!.Replace("?}", "}", StringComparison.Ordinal).TrimEnd('/'))];
                    Token = web.Services.GetRequiredService<IProgressTokens>().ForRun("catalog-1842", TimeSpan.FromHours(1));
                    web.MapOpenApi();
                },
                services => services.AddOpenApi(options => options.AddProgressSchemas()).AddProgressTokens().AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider()));
            Document = JsonDocument.Parse(await Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).RootElement;
        }

        public async Task DisposeAsync() => await _app.DisposeAsync();
    }
}
