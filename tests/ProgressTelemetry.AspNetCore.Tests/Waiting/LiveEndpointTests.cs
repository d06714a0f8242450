using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using ProgressTelemetry.AspNetCore.Endpoints;
using ProgressTelemetry.AspNetCore.Tests.Support;
using ProgressTelemetry.AspNetCore.Waiting;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.AspNetCore.Tests.Waiting;

/// <summary>What a token opens over HTTP, and what it doesn't.</summary>
public sealed class LiveEndpointTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Live_TokenOfARun_ShowsItsProgressAndNoNames()
    {
        await using var app = await WaitingApp.StartAsync();
        var run = app.Tracker.StartWorkflow("secret import", new WorkflowRunOptions { RunId = "run of ada" });
        run.StartStage("secret stage", expectedTasks: 10).CompleteTasks(4);
        app.Tracker.StartWorkflow("secret export");

        var seen = await app.ReadAsync(app.Tokens.ForRun("run of ada", Hour));

        Assert.Equal("running", seen.GetProperty("state").GetString());
        Assert.Equal(.4, seen.GetProperty("completionRatio").GetDouble());
        Assert.Equal((4, 10), (seen.GetProperty("completedTasks").GetInt64(), seen.GetProperty("expectedTasks").GetInt64()));
        string[] allowed = ["state", "asOf", "startedAt", "elapsedSeconds", "completionRatio", "completedTasks", "expectedTasks", "estimate"];
        Assert.Empty(seen.EnumerateObject().Select(p => p.Name).Except(allowed));
        Assert.DoesNotContain("secret", seen.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("ada", seen.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProgressDetails.None, "state asOf startedAt endedAt elapsedSeconds completionRatio")]
    [InlineData(ProgressDetails.Stages, "state asOf startedAt endedAt elapsedSeconds completionRatio stages")]
    [InlineData(ProgressDetails.Workflow | ProgressDetails.RunId, "state asOf runId workflow startedAt endedAt elapsedSeconds completionRatio")]
    [InlineData(ProgressDetails.ErrorType | ProgressDetails.Tasks, "state asOf errorType startedAt endedAt elapsedSeconds completionRatio completedTasks expectedTasks")]
    public async Task Live_Details_AreWhatTheTokenSays(ProgressDetails details, string expected)
    {
        await using var app = await WaitingApp.StartAsync();
        var run = app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a" });
        run.StartStage("load", expectedTasks: 2).CompleteTask();
        run.Fail("bad_input");

        var seen = await app.ReadAsync(app.Tokens.ForRun("a", Hour, details));

        Assert.Equal(expected.Split(' '), seen.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task Live_TokenOfAWorkflow_ShowsItsCurrentRunAndNoOther()
    {
        await using var app = await WaitingApp.StartAsync();
        var token = app.Tokens.ForWorkflow("import", Hour, ProgressDetails.RunId);
        app.Tracker.StartWorkflow("export", new WorkflowRunOptions { RunId = "other" });
        Assert.Equal("unknown", (await app.ReadAsync(token)).GetProperty("state").GetString());

        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "first" }).Complete();
        Assert.Equal("first", (await app.ReadAsync(token)).GetProperty("runId").GetString());

        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "second" });
        Assert.Equal("second", (await app.ReadAsync(token)).GetProperty("runId").GetString());
    }

    /// <summary>What is refused is refused alike, so that nobody learns from a refusal which runs there are or what tokens look like.</summary>
    [Fact]
    public async Task Live_TokenThatOpensNothing_IsAnsweredAlikeWhateverIsWrongWithIt()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        var keys = new EphemeralDataProtectionProvider();
        await using var app = await WaitingApp.StartAsync(clock: clock, keys: keys);
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a" });
        var expired = app.Tokens.ForRun("a", TimeSpan.FromMinutes(1));
        var good = app.Tokens.ForRun("a", Hour);
        var forged = (good[0] == 'A' ? 'B' : 'A') + good[1..];
        var foreign = new ProgressTokens(new EphemeralDataProtectionProvider(), clock).ForRun("a", Hour);

        // With the right keys, and yet not what this version writes.
        var protector = keys.CreateProtector("ProgressTelemetry.AspNetCore.Waiting").ToTimeLimitedDataProtector();
        var cut = ((byte[][])[[], [1], [1, 0, 0, 0], [1, 0, 0, 0, 0, 0, 9], [1, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255], [2]]).Select(payload => Base64Url.EncodeToString(protector.Protect(payload, clock.GetUtcNow() + Hour)));
        clock.Advance(TimeSpan.FromMinutes(1));
        using var opened = await app.GetAsync($"/progress/live/{good}");
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);

        var answers = new List<string>();
        foreach (var token in (string[])["", "a", "events", expired, forged, foreign, good[..^4], new string('A', 4096), .. cut])
        {
            foreach (var path in token.Length == 0 ? (string[])["/progress/live"] : [$"/progress/live/{token}", $"/progress/live/{token}/events"])
            {
                using var answer = await app.GetAsync(path);
                answer.Headers.Date = null;
                answers.Add($"{(int)answer.StatusCode} {answer.Headers} {answer.Content.Headers} {await answer.Content.ReadAsStringAsync()}");
            }
        }

        Assert.StartsWith("404 ", Assert.Single(answers.Distinct()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_PageIsClosed_StaysClosedToTheTokensHolder()
    {
        await using var app = await WaitingApp.StartAsync();
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a" });
        var token = app.Tokens.ForRun("a", Hour);

        Assert.Equal("running", (await app.ReadAsync(token)).GetProperty("state").GetString());
        foreach (var path in (string[])["/progress", "/progress/runs", "/progress/runs/a", "/progress/runs/a/report", "/progress/events"])
        {
            using var answer = await app.GetAsync($"{path}?token={token}");
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Events_RunEnds_TellItsEndAndStop()
    {
        await using var app = await WaitingApp.StartAsync();
        var run = app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a" });
        var stage = run.StartStage("load", expectedTasks: 4);
        var events = app.FollowAsync(app.Tokens.ForRun("a", Hour)).GetAsyncEnumerator();

        var first = await NextAsync(events);
        Assert.Equal(("progress", 0d), (first!.Value.Kind, first.Value.Run.GetProperty("completionRatio").GetDouble()));
        stage.CompleteTasks(3);
        while (await NextAsync(events) is { } moved && moved.Run.GetProperty("completionRatio").GetDouble() != .75)
        {
        }

        stage.CompleteTask();
        stage.Complete();
        run.Complete();
        (string Kind, JsonElement Run)? last = null;
        while (await NextAsync(events) is { } frame)
        {
            last = frame;
        }

        Assert.Equal(("ended", "succeeded"), (last!.Value.Kind, last.Value.Run.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Events_RunNotThereYet_IsUnknownUntilItStarts()
    {
        await using var app = await WaitingApp.StartAsync();
        var events = app.FollowAsync(app.Tokens.ForRun("later", Hour)).GetAsyncEnumerator();
        Assert.Equal("unknown", (await NextAsync(events))!.Value.Run.GetProperty("state").GetString());

        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "later" });

        Assert.Equal("running", (await NextAsync(events))!.Value.Run.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Events_TokenOfAWorkflow_GoOnWithItsNextRun()
    {
        await using var app = await WaitingApp.StartAsync();
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "first" }).Complete();
        var events = app.FollowAsync(app.Tokens.ForWorkflow("import", Hour, ProgressDetails.RunId)).GetAsyncEnumerator();
        var first = await NextAsync(events);
        Assert.Equal(("progress", "first", "succeeded"), (first!.Value.Kind, first.Value.Run.GetProperty("runId").GetString(), first.Value.Run.GetProperty("state").GetString()));

        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "second" });

        Assert.Equal("second", (await NextAsync(events))!.Value.Run.GetProperty("runId").GetString());
    }

    [Fact]
    public async Task Events_TokenExpires_TheStreamEnds()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await WaitingApp.StartAsync(clock: clock);
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a" });

        // Shorter than the limit of a write: the server may not know yet that the first event has arrived.
        var lifetime = EventStreamEndpoint.WriteLimit / 2;
        var token = app.Tokens.ForRun("a", lifetime);
        var events = app.FollowAsync(token).GetAsyncEnumerator();
        Assert.NotNull(await NextAsync(events));

        clock.Advance(lifetime);

        while (await NextAsync(events) is not null)
        {
        }

        using var again = await app.GetAsync($"/progress/live/{token}/events");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task Events_HostStops_EndAtOnce()
    {
        await using var app = await WaitingApp.StartAsync();
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "a" });
        var events = app.FollowAsync(app.Tokens.ForRun("a", Hour)).GetAsyncEnumerator();
        await NextAsync(events);

        // Without the endpoint's help the server would wait for the open connection until its own limit of 30 s.
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await app.App.StopAsync(soon.Token);

        Assert.False(soon.IsCancellationRequested);
    }

    private static async Task<(string Kind, JsonElement Run)?> NextAsync(IAsyncEnumerator<(string Kind, JsonElement Run)> events) =>
        await events.MoveNextAsync().AsTask().Within() ? events.Current : null;
}
