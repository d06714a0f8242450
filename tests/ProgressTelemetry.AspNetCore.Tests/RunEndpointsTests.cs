using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ProgressTelemetry.AspNetCore.Tests.Support;

namespace ProgressTelemetry.AspNetCore.Tests;

public sealed class RunEndpointsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Runs_ActiveAndEnded_AreListedApartWithTotals()
    {
        await using var app = await StartAsync();
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "old" });
        _clock.Advance(TimeSpan.FromSeconds(1));
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "young" });
        app.Tracker.StartWorkflow("export", new WorkflowRunOptions { RunId = "over" }).Complete();

        var runs = await GetJsonAsync(app, "/progress/runs");

        Assert.Equal(2, runs.GetProperty("activeTotal").GetInt32());
        Assert.Equal(1, runs.GetProperty("recentlyEndedTotal").GetInt32());
        Assert.Equal(["old", "young"], runs.GetProperty("active").EnumerateArray().Select(r => r.GetProperty("runId").GetString()));
        Assert.Equal(2, runs.GetProperty("states").GetProperty("running").GetInt32());
        var over = Assert.Single(runs.GetProperty("recentlyEnded").EnumerateArray());
        Assert.Equal("succeeded", over.GetProperty("state").GetString());
        Assert.Equal("success", over.GetProperty("result").GetString());
    }

    [Fact]
    public async Task Run_WithStagesAndDeadline_HasItsStatusInJsonsWords()
    {
        await using var app = await StartAsync();
        var run = app.Tracker.StartWorkflow("import", new WorkflowRunOptions
        {
            RunId = "a",
            Version = "7",
            Deadline = _clock.GetUtcNow().AddMinutes(10),
            Milestones = [new Milestone("half", .5)],
        });
        var stage = run.StartStage("load", expectedTasks: 4);
        _clock.Advance(TimeSpan.FromSeconds(90));
        stage.CompleteTasks(2);
        stage.FailTask();
        stage.RecordItems("row", 12);
        stage.RecordRevision();

        var json = await GetJsonAsync(app, "/progress/runs/a");

        Assert.Equal("running", json.GetProperty("state").GetString());
        Assert.Equal(90, json.GetProperty("elapsedSeconds").GetDouble());
        Assert.Equal(.75, json.GetProperty("completionRatio").GetDouble());
        Assert.Equal(3, json.GetProperty("completedTasks").GetInt64());
        Assert.Equal(_clock.GetUtcNow(), json.GetProperty("asOf").GetDateTimeOffset());
        Assert.Equal("half", json.GetProperty("currentMilestone").GetString());
        Assert.Equal(_clock.GetUtcNow(), json.GetProperty("milestones")[0].GetProperty("reachedAt").GetDateTimeOffset());
        var load = json.GetProperty("stages")[0];
        Assert.Equal((1, "load", "running"), (load.GetProperty("index").GetInt32(), load.GetProperty("name").GetString(), load.GetProperty("state").GetString()));
        Assert.Equal((1, 1, 12), (load.GetProperty("failedTasks").GetInt64(), load.GetProperty("revisions").GetInt64(), load.GetProperty("items").GetProperty("row").GetInt64()));
        Assert.False(json.TryGetProperty("result", out _));
        Assert.False(json.TryGetProperty("endedAt", out _));
    }

    [Fact]
    public async Task Run_EndedAfterItsDeadline_HasANegativeMargin()
    {
        await using var app = await StartAsync();
        var run = app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a", Deadline = _clock.GetUtcNow().AddMinutes(1) });
        _clock.Advance(TimeSpan.FromMinutes(3));
        run.Complete();

        var json = await GetJsonAsync(app, "/progress/runs/a");

        Assert.Equal(-120, json.GetProperty("deadlineMarginSeconds").GetDouble());
        Assert.False(json.TryGetProperty("sinceProgressSeconds", out _));
    }

    [Theory]
    [InlineData("plain-id")]
    [InlineData("a/b/c")]
    [InlineData("../../secret")]
    [InlineData("50% done?#x&y=z")]
    [InlineData("%2F")]
    [InlineData("a%2fb")]
    [InlineData("<script>alert(1)</script>\"'\n\t\\")]
    [InlineData("æøå 日本語 🚀")]
    public async Task Run_AnyLegalId_IsFoundUnderItsEscapedForm(string id)
    {
        await using var app = await StartAsync();
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = id });

        var json = await GetJsonAsync(app, $"/progress/runs/{Uri.EscapeDataString(id)}");

        Assert.Equal(id, json.GetProperty("runId").GetString());
        using var report = await app.Http.GetAsync(new Uri($"/progress/runs/{Uri.EscapeDataString(id)}/report", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
    }

    [Theory]
    [InlineData("/progress/runs/nobody")]
    [InlineData("/progress/runs/nobody/report")]
    public async Task Run_UnknownId_AnswersWithProblemDetails(string path)
    {
        await using var app = await StartAsync();

        using var response = await app.Http.GetAsync(new Uri(path, UriKind.Relative));
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(404, problem.GetProperty("status").GetInt32());
        Assert.Contains("'nobody'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_HostileName_IsEscapedInTheJson()
    {
        await using var app = await StartAsync();
        app.Tracker.StartWorkflow("</script><img src=x>\r\n\r\ndata: {}");

        var text = await app.Http.GetStringAsync(new Uri("/progress/runs", UriKind.Relative));

        Assert.DoesNotContain('<', text);
        Assert.Equal("</script><img src=x>\r\n\r\ndata: {}", JsonDocument.Parse(text).RootElement.GetProperty("active")[0].GetProperty("workflow").GetString());
    }

    private Task<ProgressApp> StartAsync() => ProgressApp.StartAsync(new ProgressTracker(timeProvider: _clock));

    private static async Task<JsonElement> GetJsonAsync(ProgressApp app, string path)
    {
        using var response = await app.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}
