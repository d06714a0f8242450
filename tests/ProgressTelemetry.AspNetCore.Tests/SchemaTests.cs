using System.Text.Json.Nodes;
using ProgressTelemetry.AspNetCore.Tests.Page;
using ProgressTelemetry.AspNetCore.Tests.Support;
using ProgressTelemetry.AspNetCore.Tests.Waiting;

namespace ProgressTelemetry.AspNetCore.Tests;

/// <summary>Real answers against the schema that is served and shipped. Here nothing may be in them that the schema doesn't name.</summary>
public sealed class SchemaTests
{
    [Fact]
    public async Task Schema_Served_IsTheShippedOne()
    {
        await using var app = await ProgressApp.StartAsync();

        using var response = await app.Http.GetAsync(new Uri("/progress/schema.json", UriKind.Relative));

        Assert.Equal("application/schema+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(await File.ReadAllBytesAsync(Schema.Shipped), await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("runs", "/progress/runs")]
    [InlineData("runs", "/progress/runs?state=failed&take=1")]
    [InlineData("run", "/progress/runs/catalog-1842")]
    [InlineData("run", "/progress/runs/spring-campaign")]
    [InlineData("run", "/progress/runs/migration-0041")]
    [InlineData("report", "/progress/runs/catalog-1842/report")]
    [InlineData("report", "/progress/runs/catalog-1841/report")]
    [InlineData("report", "/progress/runs/spring-campaign/report")]
    [InlineData("problem", "/progress/runs/nobody")]
    [InlineData("problem", "/progress/runs?take=0")]
    public async Task Answer_OfABusyTracker_IsAsTheSchemaSays(string type, string path)
    {
        await using var app = await ProgressApp.StartAsync(BusyTracker.Make());

        using var response = await app.Http.GetAsync(new Uri(path, UriKind.Relative));

        Schema.AssertValid(type, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Events_OfABusyTracker_AreAsTheSchemaSays()
    {
        await using var app = await ProgressApp.StartAsync(BusyTracker.Make());
        using var events = await EventReader.OpenAsync(app.Http);

        Schema.AssertValid("runs", (await events.NextAsync())!.Value.GetRawText());
    }

    [Theory]
    [InlineData("runs", "/progress/runs")]
    [InlineData("run", "/progress/runs/shared")]
    [InlineData("report", "/progress/runs/shared/report")]
    public async Task Answer_OfARunInAnotherProcess_IsAsTheSchemaSays(string type, string path)
    {
        var store = new InMemoryRunStore();
        await using var worker = new ProgressTracker(store: store);
        worker.StartWorkflow("import", new WorkflowRunOptions { RunId = "shared" }).StartStage("load", 10).CompleteTasks(4);
        await worker.FlushAsync();
        await using var app = await ProgressApp.StartAsync(new ProgressTracker(store: store));
        await app.Tracker.FlushAsync();

        using var response = await app.Http.GetAsync(new Uri(path, UriKind.Relative));

        var json = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"completedTasks\":4", json.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains($"{Environment.MachineName}:{Environment.ProcessId}", json, StringComparison.Ordinal);
        Schema.AssertValid(type, json);
    }

    /// <summary>One vocabulary: a run is the same JSON by itself, in a list and in its report.</summary>
    [Theory]
    [InlineData("catalog-1842")]
    [InlineData("spring-campaign")]
    [InlineData("migration-0041")]
    public async Task Run_ByItselfInAListAndInItsReport_IsTheSame(string id)
    {
        await using var app = await ProgressApp.StartAsync(BusyTracker.Make());

        var alone = await NodeAsync(app, $"/progress/runs/{id}");
        var listed = (await NodeAsync(app, $"/progress/runs?q={id}"))["runs"]![0]!;
        var reported = (await NodeAsync(app, $"/progress/runs/{id}/report"))["status"]!;

        Assert.Equal(alone.ToJsonString(), listed.ToJsonString());
        Assert.Equal(alone.ToJsonString(), reported.ToJsonString());
    }

    [Fact]
    public async Task Live_WhateverTheTokenShows_IsAsTheSchemaSays()
    {
        await using var app = await WaitingApp.StartAsync(BusyTracker.Make());
        const ProgressDetails All = (ProgressDetails)127;
        string[] tokens =
        [
            app.Tokens.ForRun("catalog-1842", TimeSpan.FromHours(1)),
            app.Tokens.ForRun("catalog-1842", TimeSpan.FromHours(1), All),
            app.Tokens.ForRun("catalog-1841", TimeSpan.FromHours(1), ProgressDetails.None),
            app.Tokens.ForRun("migration-0041", TimeSpan.FromHours(1), All),
            app.Tokens.ForWorkflow("nobody", TimeSpan.FromHours(1), All),
        ];

        foreach (var token in tokens)
        {
            Schema.AssertValid("live", (await app.ReadAsync(token)).GetRawText());
            await foreach (var (_, run) in app.FollowAsync(token))
            {
                Schema.AssertValid("live", run.GetRawText());
                break;
            }
        }

        Schema.AssertValid("problem", await (await app.GetAsync("/progress/live/x")).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(WorkflowResult.Success)]
    [InlineData(WorkflowResult.Failure)]
    [InlineData(WorkflowResult.Cancellation)]
    public async Task Operation_WhereverItStands_IsAsTheSchemaSays(WorkflowResult? result)
    {
        await using var app = await OperationTests.StartAsync(work: run =>
        {
            run.StartStage("load", 4).CompleteTask();
            if (result is { } ended)
            {
                run.End(ended);
            }
        });
        using var accepted = await app.Http.PostAsync(new Uri("/imports/1", UriKind.Relative), null);
        Schema.AssertValid("operation", await accepted.Content.ReadAsStringAsync());

        Schema.AssertValid("operation", await app.Http.GetStringAsync(OperationTests.MonitorOf(accepted)));
    }

    [Theory]
    [InlineData("""{ "title": "t", "status": 404, "detail": "d" }""", true)]
    [InlineData("""{ "title": "t", "status": "404", "detail": "d" }""", false)]
    [InlineData("""{ "title": "t", "status": 404 }""", false)]
    [InlineData("""{ "title": "t", "status": 404, "detail": "d", "elapsed": 3 }""", false)]
    public void Schema_StrictForTheseTests_RefusesWhatIsWrong(string json, bool isValid) =>
        Assert.Equal(isValid, Schema.Evaluate("problem", json).IsValid);

    private static async Task<JsonNode> NodeAsync(ProgressApp app, string path) =>
        JsonNode.Parse(await app.Http.GetStringAsync(new Uri(path, UriKind.Relative)))!;
}
