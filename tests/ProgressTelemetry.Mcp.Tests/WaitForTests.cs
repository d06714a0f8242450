using ProgressTelemetry.TestSupport;
using System.Collections.Concurrent;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ProgressTelemetry.Mcp.Tests.Support;

namespace ProgressTelemetry.Mcp.Tests;

/// <summary>wait_for, by the SDK's own client over HTTP, on a clock that the test moves.</summary>
public sealed class WaitForTests
{
    [Fact]
    public async Task WaitFor_RunEnds_AnswersThen()
    {
        await using var app = await McpApp.StartAsync();
        var run = app.Tracker.StartWorkflow("import", ToolTests.Named("42"));
        await using var client = await app.ConnectAsync();
        var call = await WaitAsync(app, client);

        run.Complete();

        AssertBecause(RunWait.Ended, "It has ended.", await app.PassUntilAnsweredAsync(call));
    }

    [Fact]
    public async Task WaitFor_RunHasEnded_AnswersAtOnce()
    {
        await using var app = await McpApp.StartAsync();
        app.Tracker.StartWorkflow("import", ToolTests.Named("42")).Complete();
        await using var client = await app.ConnectAsync();

        // The clock stands still.
        AssertBecause(RunWait.Ended, "It has ended.", await client.AskAsync("wait_for", ("runId", "42")).WaitAsync(McpApp.Limit));
    }

    [Fact]
    public async Task WaitFor_MilestoneReached_AnswersThenAndNotForTheOneBefore()
    {
        await using var app = await McpApp.StartAsync();
        var run = app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "42", Milestones = [new("quarter", .25), new("half", .5)] });
        var stage = run.StartStage("load", 4);
        stage.CompleteTask();
        Assert.Equal("quarter", run.GetStatus().CurrentMilestone);
        await using var client = await app.ConnectAsync();
        var call = await WaitAsync(app, client);
        Assert.False(call.IsCompleted);

        stage.CompleteTask();

        var answer = await app.PassUntilAnsweredAsync(call);
        AssertBecause(RunWait.Milestone, "It has reached a milestone.", answer);
        Assert.Contains("Last milestone: \"half\".", answer.Lines());
    }

    [Fact]
    public async Task WaitFor_RunStallsAndGoesOn_AnswersEachTime()
    {
        await using var app = await McpApp.StartAsync();
        var run = app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "42", StallTimeout = TimeSpan.FromSeconds(10) });
        var stage = run.StartStage("load", 4);
        await using var client = await app.ConnectAsync();

        var stalled = await app.PassUntilAnsweredAsync(await WaitAsync(app, client));
        AssertBecause(RunWait.Stalled, "It has stalled.", stalled);
        Assert.Contains("it may need a person", stalled.Text(), StringComparison.Ordinal);

        var call = await WaitAsync(app, client);
        stage.CompleteTask();
        AssertBecause(RunWait.Resumed, "It goes on after a stall.", await app.PassUntilAnsweredAsync(call));
    }

    [Fact]
    public async Task WaitFor_NothingHappens_AnswersWhenTheTimeIsUpAndTellsOnTheWay()
    {
        await using var app = await McpApp.StartAsync();
        app.Tracker.StartWorkflow("import", ToolTests.Named("42"));
        await using var client = await app.ConnectAsync();
        var told = new Told();
        var timers = app.Clock.ActiveTimers;
        var start = app.Clock.GetUtcNow();
        var call = client.CallToolAsync("wait_for", new Dictionary<string, object?>(StringComparer.Ordinal) { ["runId"] = "42", ["maxSeconds"] = 20 }, told).AsTask();
        await Eventually.TrueAsync(() => app.Clock.ActiveTimers > timers);

        var answer = await app.PassUntilAnsweredAsync(call);

        AssertBecause(RunWait.TimeIsUp, "20 s have passed and it goes on.", answer);
        Assert.True(app.Clock.GetUtcNow() - start >= TimeSpan.FromSeconds(20));
        await Eventually.TrueAsync(() => !told.Values.IsEmpty);
        Assert.All(told.Values, value => Assert.StartsWith("Run \"42\" of workflow", value.Message, StringComparison.Ordinal));
        await Eventually.TrueAsync(() => app.Clock.ActiveTimers == timers);
    }

    [Fact]
    public async Task WaitFor_CallerGoesAway_WaitsNoLonger()
    {
        await using var app = await McpApp.StartAsync();
        app.Tracker.StartWorkflow("import", ToolTests.Named("42"));
        await using var client = await app.ConnectAsync();
        var timers = app.Clock.ActiveTimers;
        using var leave = new CancellationTokenSource();
        var call = client.CallToolAsync("wait_for", new Dictionary<string, object?>(StringComparer.Ordinal) { ["runId"] = "42" }, cancellationToken: leave.Token).AsTask();
        await Eventually.TrueAsync(() => app.Clock.ActiveTimers > timers);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.TrueAsync(() => app.Clock.ActiveTimers == timers);
    }

    [Fact]
    public async Task WaitFor_ApplicationStops_AnswersWithWhatIsKnown()
    {
        await using var app = await McpApp.StartAsync();
        app.Tracker.StartWorkflow("import", ToolTests.Named("42"));
        await using var client = await app.ConnectAsync();
        var call = await WaitAsync(app, client);

        var stopped = app.StopAsync();

        AssertBecause(RunWait.Stopping, "The application is stopping: ask again in a minute. What was last seen:", await call.WaitAsync(McpApp.Limit));
        await stopped.WaitAsync(McpApp.Limit);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(301)]
    public async Task WaitFor_TooShortOrTooLong_IsRefused(int seconds)
    {
        await using var app = await McpApp.StartAsync();
        app.Tracker.StartWorkflow("import", ToolTests.Named("42"));
        await using var client = await app.ConnectAsync();

        var answer = await client.AskAsync("wait_for", ("runId", "42"), ("maxSeconds", seconds)).WaitAsync(McpApp.Limit);

        Assert.True(answer.IsError);
        Assert.Equal("maxSeconds is a whole number from 1 to 300.", answer.Text());
    }

    /// <summary>Calls, and returns once the server waits.</summary>
    private static async Task<Task<CallToolResult>> WaitAsync(McpApp app, McpClient client)
    {
        var timers = app.Clock.ActiveTimers;
        var call = client.AskAsync("wait_for", ("runId", "42"), ("maxSeconds", ProgressTools.LongestWait));
        await Eventually.TrueAsync(() => app.Clock.ActiveTimers > timers);
        return call;
    }

    private static void AssertBecause(string because, string line, CallToolResult answer)
    {
        Assert.Equal((because, line), (answer.StructuredContent!.Value.GetProperty("because").GetString(), answer.Lines()[0]));
    }

    private sealed class Told : IProgress<ProgressNotificationValue>
    {
        public ConcurrentQueue<ProgressNotificationValue> Values { get; } = new();

        public void Report(ProgressNotificationValue value) => Values.Enqueue(value);
    }
}
