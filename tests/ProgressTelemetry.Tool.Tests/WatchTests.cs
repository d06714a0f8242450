using ProgressTelemetry.Tool.Client;

namespace ProgressTelemetry.Tool.Tests;

/// <summary><c>progress watch</c>, piped, against an application on Kestrel.</summary>
public sealed class WatchTests
{
    [Theory]
    [InlineData(WorkflowResult.Success, ExitCode.Success, "succeeded")]
    [InlineData(WorkflowResult.Failure, ExitCode.Failed, "failed (Shop.Exception)")]
    [InlineData(WorkflowResult.Timeout, ExitCode.Failed, "failed (Shop.Exception)")]
    [InlineData(WorkflowResult.Cancellation, ExitCode.Cancelled, "cancelled")]
    [InlineData(WorkflowResult.Abandoned, ExitCode.Abandoned, "abandoned")]
    public async Task Watch_RunThatEnds_ExitsWithItsResult(WorkflowResult result, int exitCode, string said)
    {
        await using var app = await WatchedApp.StartAsync();
        var run = app.Tracker.StartWorkflow("import", Named("42"));
        var stage = run.StartStage("load", 10);
        stage.CompleteTasks(5);
        using var call = new ToolCall("watch", app.Url, "42");
        await call.UntilAsync(c => c.Output.Contains("import: 50 %, 5 of 10 tasks", StringComparison.Ordinal));

        stage.CompleteTasks(5);
        run.End(result, result == WorkflowResult.Success ? null : "Shop.Exception");

        Assert.Equal(exitCode, await call.ExitAsync());
        Assert.StartsWith($"import 42: {said}, 10 tasks in ", call.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.DoesNotContain('\e', call.Output);
        Assert.Empty(call.Error);
    }

    [Fact]
    public async Task Watch_RunHasEnded_ExitsAtOnce()
    {
        await using var app = await WatchedApp.StartAsync();
        app.Tracker.StartWorkflow("import", Named("a/b ~. 文")).Complete();
        using var call = new ToolCall("watch", $"{app.Url}/progress/", "a/b ~. 文");

        Assert.Equal(ExitCode.Success, await call.ExitAsync());
    }

    [Fact]
    public async Task Watch_UnknownRun_SaysSo()
    {
        await using var app = await WatchedApp.StartAsync();
        using var call = new ToolCall("watch", app.Url, "nobody");

        Assert.Equal(ExitCode.UnknownRun, await call.ExitAsync());
        Assert.Contains("'nobody'", call.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_AllRuns_TellsOfEachUntilInterrupted()
    {
        await using var app = await WatchedApp.StartAsync();
        var first = app.Tracker.StartWorkflow("import", Named("1"));
        using var call = new ToolCall("watch", app.Url);
        await call.UntilAsync(c => c.Output.Contains("import 1: running\n", StringComparison.Ordinal));

        using var second = app.Tracker.StartWorkflow("export", Named("2"));
        first.Fail("Shop.Exception");

        await call.UntilAsync(c => c.Output.Contains("export 2: running\n", StringComparison.Ordinal) && c.Output.Contains("import 1: failed (Shop.Exception)", StringComparison.Ordinal));
        call.Interrupt();
        Assert.Equal(ExitCode.Interrupted, await call.ExitAsync());
    }

    [Fact]
    public async Task Watch_ApplicationRestarts_GoesOn()
    {
        var app = await WatchedApp.StartAsync();
        var port = new Uri(app.Url).Port;
        app.Tracker.StartWorkflow("import", Named("42"));
        using var one = new ToolCall("watch", app.Url, "42");
        using var all = new ToolCall("watch", app.Url);
        await all.UntilAsync(c => c.Output.Contains("import 42: running", StringComparison.Ordinal));
        await app.DisposeAsync();
        await one.UntilAsync(c => c.Error.Contains("trying again for 60 s", StringComparison.Ordinal));
        await all.UntilAsync(c => c.Error.Contains("trying again for 60 s", StringComparison.Ordinal));

        var tracker = new ProgressTracker();
        tracker.StartWorkflow("import", Named("42")).Complete();
        await using var again = await WatchedApp.StartAsync(tracker, port);

        Assert.Equal(ExitCode.Success, await one.ExitAsync());
        await all.UntilAsync(c => c.Output.Contains("import 42: succeeded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_NobodyAnswers_SaysSo()
    {
        var app = await WatchedApp.StartAsync();
        await app.DisposeAsync();
        using var one = new ToolCall("watch", app.Url, "42");
        using var all = new ToolCall("watch", app.Url, "--patience", "0");

        Assert.Equal((ExitCode.NoAnswer, ExitCode.NoAnswer), (await one.ExitAsync(), await all.ExitAsync()));
        Assert.All([one, all], call => Assert.Contains("can't be reached", call.Error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/other")]
    public async Task Watch_NoProgressPage_SaysSo(string path)
    {
        await using var app = await WatchedApp.StartAsync();
        using var one = new ToolCall("watch", app.Url + path, "42");
        using var all = new ToolCall("watch", app.Url + "/nowhere");

        Assert.Equal((ExitCode.NoAnswer, ExitCode.NoAnswer), (await one.ExitAsync(), await all.ExitAsync()));
        Assert.Contains(path == "/other" ? "something else than runs" : "MapProgress()", one.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_PageIsClosed_NeedsAHeader()
    {
        await using var app = await WatchedApp.StartAsync(secret: "s3cret");
        app.Tracker.StartWorkflow("import", Named("42")).Complete();
        using var without = new ToolCall("watch", app.Url, "42");
        using var with = new ToolCall("watch", app.Url, "42", "--header", "Authorization: Bearer s3cret");

        Assert.Equal(ExitCode.NoAnswer, await without.ExitAsync());
        Assert.Contains("--header", without.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, await with.ExitAsync());
    }

    /// <summary>What is named so that a terminal would obey it, is only shown.</summary>
    [Fact]
    public async Task Watch_NamesWithEscapes_AreShownWithoutThem()
    {
        await using var app = await WatchedApp.StartAsync();
        var run = app.Tracker.StartWorkflow("\e[2Jimport", Named("42"));
        run.StartStage("\e]0;owned\a", 1).CompleteTask();
        run.Complete();
        using var call = new ToolCall("watch", app.Url, "42");

        Assert.Equal(ExitCode.Success, await call.ExitAsync());
        Assert.Contains("[2Jimport", call.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(call.Output, c => c != '\n' && char.IsControl(c));
    }

    [Theory]
    [InlineData("watch")]
    [InlineData("watch", "nowhere")]
    [InlineData("watch", "ftp://host/progress")]
    [InlineData("watch", "http://localhost", "--patience", "-1")]
    [InlineData("watch", "http://localhost", "--header", "no colon")]
    [InlineData("report", "http://localhost")]
    [InlineData("report", "http://localhost", "42", "--format", "pdf")]
    [InlineData("replay", "/no/such/file.csv")]
    public async Task CommandLine_Wrong_SaysSoAndDoesNothing(params string[] arguments)
    {
        using var call = new ToolCall(arguments);

        Assert.Equal(ExitCode.BadUsage, await call.ExitAsync());
        Assert.NotEmpty(call.Error);
        Assert.Empty(call.Output);
    }

    [Theory]
    [InlineData("a b/c", "a%20b%2Fc")]
    [InlineData("..", "~..")]
    [InlineData("~.", "~~.")]
    [InlineData("~a", "~a")]
    public void Segment_OfARunId_IsAsTheApplicationReadsIt(string runId, string segment) => Assert.Equal(segment, ProgressClient.Segment(runId));

    internal static WorkflowRunOptions Named(string id) => new() { RunId = id };
}
