using System.Text.Json;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Tool.Tests;

/// <summary><c>progress report</c> and <c>progress replay</c>.</summary>
public sealed class ReportTests
{
    [Fact]
    public async Task Report_Printed_IsTheApplicationsMarkdown()
    {
        await using var app = await WatchedApp.StartAsync();
        var run = app.Tracker.StartWorkflow("import", WatchTests.Named("42"));
        run.StartStage("load", 1).CompleteTask();
        run.Complete();
        using var call = new ToolCall("report", app.Url, "42");

        Assert.Equal(ExitCode.Success, await call.ExitAsync());
        Assert.Equal(app.Tracker.GetReport("42")!.ToMarkdown().ReplaceLineEndings("\n").TrimEnd(), call.Output.TrimEnd());
    }

    [Theory]
    [InlineData("r.html", null, "<!doctype html>")]
    [InlineData("r.json", null, "{")]
    [InlineData("r.txt", null, "# ")]
    [InlineData("r.txt", "json", "{")]
    public async Task Report_Saved_IsInTheFormOfItsName(string name, string? format, string begin)
    {
        await using var app = await WatchedApp.StartAsync();
        app.Tracker.StartWorkflow("import", WatchTests.Named("42")).Complete();
        var folder = Directory.CreateTempSubdirectory("progress-tool-");
        var file = Path.Combine(folder.FullName, name);
        using var call = new ToolCall(["report", app.Url, "42", "-o", file, .. format is null ? Array.Empty<string>() : ["--format", format]]);

        Assert.Equal(ExitCode.Success, await call.ExitAsync());
        Assert.Empty(call.Output);
        var text = await File.ReadAllTextAsync(file);
        Assert.StartsWith(begin, text, StringComparison.OrdinalIgnoreCase);
        if (begin == "{")
        {
            Assert.Equal("42", JsonDocument.Parse(text).RootElement.GetProperty("status").GetProperty("runId").GetString());
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Report_UnknownRunOrFolder_SaysSo()
    {
        await using var app = await WatchedApp.StartAsync();
        app.Tracker.StartWorkflow("import", WatchTests.Named("42")).Complete();
        using var unknown = new ToolCall("report", app.Url, "nobody");
        using var nowhere = new ToolCall("report", app.Url, "42", "-o", "/no/such/folder/r.md");

        Assert.Equal((ExitCode.UnknownRun, ExitCode.Failed), (await unknown.ExitAsync(), await nowhere.ExitAsync()));
        Assert.Contains("cannot write", nowhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_RecordedRun_TellsWhatWasPredicted()
    {
        using var call = new ToolCall("replay", Path.Combine(RealParts.RepositoryRoot, "tests", "ProgressTelemetry.Replay.Tests", "Files", "argo.json"));

        Assert.Equal(ExitCode.Success, await call.ExitAsync());
        Assert.Contains("expected total", call.Output, StringComparison.Ordinal);
        Assert.Contains(" 90 %", call.Output, StringComparison.Ordinal);
    }
}
