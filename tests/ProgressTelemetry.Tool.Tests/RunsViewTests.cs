using ProgressTelemetry.Tool.Client;
using ProgressTelemetry.Tool.Terminal;
using Spectre.Console;

namespace ProgressTelemetry.Tool.Tests;

/// <summary>All runs in a table.</summary>
public sealed class RunsViewTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(160)]
    public void Render_RunsWithLongIds_TakesALineEach(int width)
    {
        using var tracker = new ProgressTracker();
        var run = tracker.StartWorkflow("[content-pipeline]", WatchTests.Named(Guid.NewGuid().ToString()));
        run.StartStage("load", 2).CompleteTask();
        tracker.StartWorkflow("catalog", WatchTests.Named(Guid.NewGuid().ToString())).Complete();
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;

        console.Write(RunsView.Render(new RunsPage { Total = 5, Runs = tracker.List(new RunQuery()).Runs }, width));

        var lines = output.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Contains("[content-pipeline]", lines[1], StringComparison.Ordinal);
        Assert.Contains(" 50 % running", lines[1], StringComparison.Ordinal);
        Assert.Contains("100 % succeeded took 0.", lines[2], StringComparison.Ordinal);
        Assert.Equal("and 3 more", lines[3].Trim());
    }

    [Fact]
    public void Render_NoRuns_SaysSo()
    {
        var output = new StringWriter();
        AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) }).Write(RunsView.Render(new RunsPage { Total = 0, Runs = [] }, 80));

        Assert.Equal("no runs", output.ToString().Trim());
    }
}
