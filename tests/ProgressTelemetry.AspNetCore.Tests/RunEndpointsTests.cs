using ProgressTelemetry.TestSupport;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ProgressTelemetry.AspNetCore.Tests.Support;

namespace ProgressTelemetry.AspNetCore.Tests;

public sealed class RunEndpointsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Runs_ActiveAndEnded_AreOnePageWithTotals()
    {
        await using var app = await StartAsync();
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "old" });
        _clock.Advance(TimeSpan.FromSeconds(1));
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "young" });
        app.Tracker.StartWorkflow("export", new WorkflowRunOptions { RunId = "over" }).Complete();

        var runs = await GetJsonAsync(app, "/progress/runs");

        Assert.Equal((3, 2), (runs.GetProperty("total").GetInt32(), runs.GetProperty("active").GetInt32()));
        Assert.Equal((0, 50), (runs.GetProperty("skip").GetInt32(), runs.GetProperty("take").GetInt32()));
        Assert.Equal((2, 0), (runs.GetProperty("overall").GetProperty("active").GetInt32(), runs.GetProperty("overall").GetProperty("stalled").GetInt32()));
        Assert.Equal(["export", "import"], runs.GetProperty("workflows").EnumerateArray().Select(w => w.GetString()));
        Assert.Equal(["old", "young", "over"], IdsOf(runs));
        var over = runs.GetProperty("runs")[2];
        Assert.Equal("succeeded", over.GetProperty("state").GetString());
        Assert.Equal("success", over.GetProperty("result").GetString());
    }

    [Theory]
    [InlineData("", "stuck late old cut done")]
    [InlineData("?workflow=import", "late old done")]
    [InlineData("?workflow=Import", "")]
    [InlineData("?state=stalled", "stuck")]
    [InlineData("?state=Failed,succeeded", "cut done")]
    [InlineData("?state=failed&state=stalled", "stuck cut")]
    [InlineData("?q=STU", "stuck")]
    [InlineData("?q=port&state=running", "late old")]
    [InlineData("?q=copying", "old")]
    [InlineData("?skip=1&take=2", "late old")]
    [InlineData("?skip=2147483647&take=500", "")]
    [InlineData("?since=2026-01-01T00:10:00Z", "late cut done")]
    [InlineData("?since=2026-01-01T01:10:00%2B01:00&state=running", "late")]
    [InlineData("?since=2027-01-01", "")]
    [InlineData("?q=&state=&workflow=&since=&skip=&take=", "stuck late old cut done")]
    [InlineData("?utm_source=elsewhere", "stuck late old cut done")]
    public async Task Runs_WithAQuery_AreThoseInOrder(string query, string expected)
    {
        await using var app = await StartAsync();
        var day = TimeSpan.FromDays(1);
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "old", StallTimeout = day }).StartStage("copying");
        app.Tracker.StartWorkflow("backup", new WorkflowRunOptions { RunId = "stuck", StallTimeout = TimeSpan.FromMinutes(1) });
        var done = app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "done", StallTimeout = day });
        _clock.Advance(TimeSpan.FromMinutes(10));
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "late", StallTimeout = day, Deadline = _clock.GetUtcNow().AddSeconds(1) });
        done.Complete();
        _clock.Advance(TimeSpan.FromMinutes(1));
        app.Tracker.StartWorkflow("backup", new WorkflowRunOptions { RunId = "cut" }).Fail("Refused");

        var runs = await GetJsonAsync(app, "/progress/runs" + query);

        Assert.Equal(expected, string.Join(' ', IdsOf(runs)));
    }

    [Theory]
    [InlineData("state=busy", "state")]
    [InlineData("state=1", "state")]
    [InlineData("take=0", "take")]
    [InlineData("take=501", "take")]
    [InlineData("take=many", "take")]
    [InlineData("skip=-1", "skip")]
    [InlineData("skip=1.5", "skip")]
    [InlineData("skip=99999999999999999999", "skip")]
    [InlineData("skip=1&skip=2", "skip")]
    [InlineData("since=yesterday", "since")]
    [InlineData("since=2026-02-30", "since")]
    public async Task Runs_BadQuery_Answers400WithASentence(string query, string name)
    {
        await using var app = await StartAsync();

        using var response = await app.Http.GetAsync(new Uri("/progress/runs?" + query, UriKind.Relative));
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Matches($"^'{name}' .+\\.$", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("q")]
    [InlineData("workflow")]
    public async Task Runs_QueryLongerThanAnyName_Answers400(string name)
    {
        await using var app = await StartAsync();

        using var longest = await app.Http.GetAsync(new Uri($"/progress/runs?{name}={new string('x', 200)}", UriKind.Relative));
        using var longer = await app.Http.GetAsync(new Uri($"/progress/runs?{name}={new string('x', 201)}", UriKind.Relative));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (longest.StatusCode, longer.StatusCode));
    }

    /// <summary>A stall that the timer has not noticed yet must not be told by whoever asks: that would run the application's listeners on the request's thread.</summary>
    [Fact]
    public async Task AnyGet_StallDueButUnnoticed_TellsNobody()
    {
        var heard = new List<TimeSpan>();
        var clock = new ManualTimeProvider();
        await using var app = await ProgressApp.StartAsync(new ProgressTracker(timeProvider: clock, listeners: [new StallListener(heard)]));
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a", StallTimeout = TimeSpan.FromSeconds(10.5) });
        clock.Advance(TimeSpan.FromSeconds(10));
        clock.Advance(TimeSpan.FromSeconds(.9));

        foreach (var path in new[] { "", "/runs", "/runs/a", "/runs/a/report", "/runs/a/report?format=html" })
        {
            using var response = await app.Http.GetAsync(new Uri("/progress" + path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        using (var events = await EventReader.OpenAsync(app.Http))
        {
            Assert.Equal("running", (await events.NextAsync())!.Value.GetProperty("runs")[0].GetProperty("state").GetString());
        }

        Assert.Empty(heard);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(heard);
    }

    [Fact]
    public async Task Runs_HundredThousandLive_AreAnsweredByThePage()
    {
        const int Live = 100_000;
        await using var app = await StartAsync();
        for (var i = 0; i < Live; i++)
        {
            app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = $"{i}" });
        }

        await GetJsonAsync(app, "/progress/runs");
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var text = await app.Http.GetStringAsync(new Uri("/progress/runs?take=500", UriKind.Relative));
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        var runs = JsonDocument.Parse(text).RootElement;
        Assert.Equal((Live, 500), (runs.GetProperty("total").GetInt32(), runs.GetProperty("runs").GetArrayLength()));
        Assert.True(text.Length < 500 * 1024, $"{text.Length} characters");
        Assert.True(allocated < 16 * 1024 * 1024, $"{allocated} bytes allocated");
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

    [Theory]
    [InlineData(".", "~.")]
    [InlineData("..", "~..")]
    [InlineData("~.", "~~.")]
    [InlineData("~~..", "~~~..")]
    [InlineData("~", "~")]
    [InlineData("...", "...")]
    [InlineData("~a.", "~a.")]
    public async Task Run_IdThatIsAStepInAPath_HasAnAddressOfItsOwn(string id, string segment)
    {
        await using var app = await StartAsync();
        foreach (var taken in new[] { ".", "..", "~.", "~..", "~~..", "~", "...", "~a." })
        {
            app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = taken });
        }

        var json = await GetJsonAsync(app, $"/progress/runs/{segment}");

        Assert.Equal(id, json.GetProperty("runId").GetString());
        using var report = await app.Http.GetAsync(new Uri($"/progress/runs/{segment}/report", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
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
        Assert.Equal("</script><img src=x>\r\n\r\ndata: {}", JsonDocument.Parse(text).RootElement.GetProperty("runs")[0].GetProperty("workflow").GetString());
    }

    private static IEnumerable<string?> IdsOf(JsonElement runs) => runs.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("runId").GetString());

    private Task<ProgressApp> StartAsync() => ProgressApp.StartAsync(new ProgressTracker(timeProvider: _clock));

    private static async Task<JsonElement> GetJsonAsync(ProgressApp app, string path)
    {
        using var response = await app.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private sealed class StallListener(List<TimeSpan> heard) : ProgressListener
    {
        public override void OnStalled(WorkflowRun run, TimeSpan silence) => heard.Add(silence);
    }
}
