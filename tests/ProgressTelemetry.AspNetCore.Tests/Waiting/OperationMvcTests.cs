using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry.AspNetCore.Tests.Support;

namespace ProgressTelemetry.AspNetCore.Tests.Waiting;

/// <summary>AcceptedRun, returned by a controller.</summary>
public sealed class OperationMvcTests
{
    [Fact]
    public async Task AcceptedRun_ReturnedByAController_AnswersAsFromAMinimalApi()
    {
        await using var app = await StartAsync();

        using var accepted = await app.Http.PostAsync(new Uri("/imports/7", UriKind.Relative), null);

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.NotNull(accepted.Headers.RetryAfter);
        var body = await accepted.Content.ReadAsStringAsync();
        Schema.AssertValid("operation", body);
        Assert.Equal(("7", "Running"), (Text(body, "id"), Text(body, "status")));
        var monitor = OperationTests.MonitorOf(accepted);
        Assert.Equal(body, await app.Http.GetStringAsync(monitor));

        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "7", WhenLive = WhenLive.TakeOver }).Complete();

        Assert.Equal("/imports/7/result", Text(await app.Http.GetStringAsync(monitor), "resourceLocation"));
    }

    [Fact]
    public async Task AcceptedRun_ReturnedByAController_IsDescribed()
    {
        await using var app = await StartAsync();

        var document = JsonDocument.Parse(await app.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).RootElement;

        var answers = document.GetProperty("paths").GetProperty("/imports/{id}").GetProperty("post").GetProperty("responses");
        Assert.Equal(["202"], answers.EnumerateObject().Select(answer => answer.Name));
    }

    private static Task<ProgressApp> StartAsync() => ProgressApp.StartAsync(
        configure: web =>
        {
            web.MapProgress();
            web.MapControllers();
            web.MapOpenApi();
        },
        addServices: services =>
        {
            services.AddProgressTokens().AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider()).AddOpenApi();
            services.AddControllers().ConfigureApplicationPartManager(parts =>
            {
                parts.ApplicationParts.Clear();
                parts.ApplicationParts.Add(new OnlyImports());
                parts.FeatureProviders.Clear();
                parts.FeatureProviders.Add(new ControllerFeatureProvider());
            });
        });

    private static string? Text(string json, string name) => JsonDocument.Parse(json).RootElement.GetProperty(name).GetString();

    private sealed class OnlyImports : ApplicationPart, IApplicationPartTypeProvider
    {
        public override string Name => "imports";

        public IEnumerable<System.Reflection.TypeInfo> Types => [System.Reflection.IntrospectionExtensions.GetTypeInfo(typeof(ImportsController))];
    }
}

/// <summary>As an application would write it.</summary>
[ApiController]
[Route("imports")]
public sealed class ImportsController(ProgressTracker tracker) : ControllerBase
{
    [HttpPost("{id}")]
    public AcceptedRun Start(string id)
    {
        var run = tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = id, ExpectedTasks = 4 });
        return TypedResults.Extensions.AcceptedRun(run, resultLocation: $"/imports/{id}/result");
    }
}
