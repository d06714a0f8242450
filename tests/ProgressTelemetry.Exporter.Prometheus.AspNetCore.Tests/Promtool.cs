using System.Diagnostics;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

/// <summary>Runs <c>promtool check metrics</c>.</summary>
internal static class Promtool
{
    private const int LintOnly = 3;

    /// <summary>Fails unless promtool can parse the text. It also lints names; with <paramref name="lint"/> it must find nothing.</summary>
    public static async Task AcceptsAsync(string text, bool lint)
    {
        var start = new ProcessStartInfo(RealParts.FindProgram("promtool") ?? "promtool", ["check", "metrics"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(text);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        var said = await output + await errors;
        Assert.True(process.ExitCode == 0 || (!lint && process.ExitCode == LintOnly), $"promtool ({process.ExitCode}): {said}\n{text}");
        Assert.DoesNotContain("error while linting", said);
    }
}
