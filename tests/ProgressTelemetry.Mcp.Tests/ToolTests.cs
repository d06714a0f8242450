using ModelContextProtocol.Client;
using ProgressTelemetry.Mcp.Tests.Support;

namespace ProgressTelemetry.Mcp.Tests;

/// <summary>What an agent is told, by the SDK's own client over HTTP.</summary>
public sealed class ToolTests
{
    [Fact]
    public async Task Tools_Listed_AreFourThatOnlyRead()
    {
        await using var app = await McpApp.StartAsync();
        await using var client = await app.ConnectAsync();

        var tools = await client.ListToolsAsync();

        Assert.Equal(["list_runs", "run_report", "run_status", "wait_for"], tools.Select(tool => tool.Name).Order(StringComparer.Ordinal));
        Assert.All(tools, tool =>
        {
            Assert.True(tool.ProtocolTool.Annotations?.ReadOnlyHint);
            Assert.False(tool.ProtocolTool.Annotations?.OpenWorldHint);
            Assert.NotEmpty(tool.Description);
        });
        Assert.Equal(ProgressTools.Instructions, client.ServerInstructions);
        Assert.DoesNotContain("progress\"", tools.Single(tool => tool.Name == "wait_for").JsonSchema.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListRuns_SomeLiveSomeEnded_IsALineForEachAndSaysWhatNext()
    {
        await using var app = await McpApp.StartAsync();
        app.Tracker.StartWorkflow("import", Named("done")).Complete();
        app.Tracker.StartWorkflow("import", Named("live")).StartStage("load", 4).CompleteTask();
        app.Tracker.StartWorkflow("export", Named("other"));
        await using var client = await app.ConnectAsync();

        var all = await client.AskAsync("list_runs");
        var live = await client.AskAsync("list_runs", ("workflow", "import"), ("includeEnded", false));

        Assert.Equal("3 runs, 2 of them live.", all.Lines()[0]);
        Assert.Equal(3, all.Lines().Count(line => line.StartsWith("- Run ", StringComparison.Ordinal)));
        Assert.Equal("- Run \"live\" of workflow \"import\": running, 25 %", Assert.Single(live.Lines(), line => line.StartsWith("- ", StringComparison.Ordinal)));
        Assert.Equal("live", live.StructuredContent!.Value.GetProperty("runs")[0].GetProperty("runId").GetString());
    }

    [Fact]
    public async Task ListRuns_MoreThanAPage_SaysHowToGoOn()
    {
        await using var app = await McpApp.StartAsync();
        foreach (var number in Enumerable.Range(0, ProgressTools.PageSize + 3))
        {
            app.Tracker.StartWorkflow("import", Named($"run-{number}"));
        }

        await using var client = await app.ConnectAsync();

        Assert.Contains("ask with skip=20", (await client.AskAsync("list_runs")).Text(), StringComparison.Ordinal);
        var rest = await client.AskAsync("list_runs", ("skip", ProgressTools.PageSize));
        Assert.Equal(3, rest.StructuredContent!.Value.GetProperty("runs").GetArrayLength());
        Assert.DoesNotContain("skip=", rest.Text(), StringComparison.Ordinal);
        Assert.True((await client.AskAsync("list_runs", ("skip", -1))).IsError);
    }

    [Fact]
    public async Task RunStatus_WithAForecast_SaysHowLongAndWhenToAskAgain()
    {
        await using var app = await McpApp.StartAsync();
        var stage = app.Tracker.StartWorkflow("import", Named("42")).StartStage("load", 100);
        foreach (var _ in Enumerable.Range(0, 40))
        {
            app.Clock.Advance(TimeSpan.FromSeconds(4));
            stage.CompleteTask();
        }

        await using var client = await app.ConnectAsync();

        var answer = await client.AskAsync("run_status", ("runId", "42"));

        Assert.StartsWith("Run \"42\" of workflow \"import\": running, 40 %, about 4 min left", answer.Lines()[0], StringComparison.Ordinal);
        Assert.Contains(answer.Lines(), line => line.StartsWith("40 of 100 tasks done; started 2026-01-01 00:00:00 UTC", StringComparison.Ordinal));
        Assert.Contains("Now in \"load\".", answer.Lines());
        Assert.Matches("^About 4 min left( \\(.*\\))?: ask again in [0-9]+ s, or call wait_for\\.$", answer.Lines()[^2]);
        Assert.Equal(Quoted.Note, answer.Lines()[^1]);
        Assert.InRange(answer.StructuredContent!.Value.GetProperty("askAgainSeconds").GetInt32(), 24, 240);
    }

    [Fact]
    public async Task RunStatus_NotSucceeded_SaysThatWaitingWillNotHelp()
    {
        await using var app = await McpApp.StartAsync();
        app.Tracker.StartWorkflow("import", Named("42")).End(WorkflowResult.Error, "Shop.Exception");
        await using var client = await app.ConnectAsync();

        var answer = await client.AskAsync("run_status", ("runId", "42"));

        Assert.Contains("Error type: \"Shop.Exception\".", answer.Lines());
        Assert.Contains("waiting will not help", answer.Text(), StringComparison.Ordinal);
        Assert.False(answer.StructuredContent!.Value.TryGetProperty("askAgainSeconds", out _));
    }

    [Theory]
    [InlineData("run_status")]
    [InlineData("run_report")]
    [InlineData("wait_for")]
    public async Task Tool_RunIsUnknown_SaysSoAndWhatToDo(string tool)
    {
        await using var app = await McpApp.StartAsync();
        await using var client = await app.ConnectAsync();

        var answer = await client.AskAsync(tool, ("runId", "nobody"));

        Assert.True(answer.IsError);
        Assert.Contains("list_runs", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunReport_OfARun_TellsWhereTheTimeWent()
    {
        await using var app = await McpApp.StartAsync();
        var run = app.Tracker.StartWorkflow("import", Named("42"));
        foreach (var (name, seconds) in ((string, int)[])[("fetch", 10), ("load", 30)])
        {
            using var stage = run.StartStage(name, 1);
            app.Clock.Advance(TimeSpan.FromSeconds(seconds));
            stage.CompleteTask();
            stage.Complete();
        }

        run.Complete();
        await using var client = await app.ConnectAsync();

        var lines = (await client.AskAsync("run_report", ("runId", "42"))).Lines();

        Assert.Equal("Run \"42\" of workflow \"import\": succeeded, 100 %, took 40 s.", lines[0]);
        Assert.Equal(
            ["Stage \"load\": succeeded, 75 % of the time, 1 task.", "Stage \"fetch\": succeeded, 25 % of the time, 1 task."],
            lines.Where(line => line.StartsWith("Stage ", StringComparison.Ordinal)));
        Assert.Equal("It is over: this report is final.", lines[^2]);
    }

    internal static WorkflowRunOptions Named(string id) => new() { RunId = id };
}
