using System.Diagnostics;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Tool.Tests;

/// <summary>The program itself, in a pseudo-terminal: bars that redraw in their place.</summary>
public sealed class TerminalTests
{
    [RealPartFact("script")]
    public async Task Watch_InATerminal_DrawsBarsAndExitsWithTheRunsResult()
    {
        await using var app = await WatchedApp.StartAsync();
        var run = app.Tracker.StartWorkflow("import", WatchTests.Named("42"));
        run.StartStage("load", 10).CompleteTasks(5);
        var tool = Path.Combine(AppContext.BaseDirectory, "progress.dll");
        var start = new ProcessStartInfo("script", ["--quiet", "--return", "--flush", "--command", $"dotnet '{tool}' watch {app.Url} 42", "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            Environment = { ["TERM"] = "xterm-256color", ["COLUMNS"] = "120", ["LINES"] = "40", ["LANG"] = "C.UTF-8", ["NO_COLOR"] = null, ["CI"] = null },
        };
        using var process = Process.Start(start)!;
        var text = new System.Text.StringBuilder();
        using var limit = new CancellationTokenSource(WatchedApp.Limit);
        var buffer = new char[4096];
        int read;
        while ((read = await process.StandardOutput.ReadAsync(buffer, limit.Token)) > 0)
        {
            text.Append(buffer, 0, read);
            if (text.ToString().Contains("50 %", StringComparison.Ordinal) && run.GetStatus().EndedAt is null)
            {
                run.Cancel();
            }
        }

        await process.WaitForExitAsync(limit.Token);

        Assert.Equal(ExitCode.Cancelled, process.ExitCode);
        Assert.Contains('━', text.ToString());
        Assert.Contains("\e[", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("import 42: cancelled, 5 tasks in", text.ToString(), StringComparison.Ordinal);
    }
}
