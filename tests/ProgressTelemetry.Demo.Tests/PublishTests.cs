using System.Diagnostics;
using System.Runtime.InteropServices;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Demo.Tests;

/// <summary>The demo published trimmed, and natively: warnings are errors, and what was left in the program must be enough.</summary>
public sealed class PublishTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public Task Publish_Trimmed_HasNoWarningsAndAnswersScrapes() => PublishAndScrapeAsync("PublishTrimmed");

    [RealPartFact("clang|gcc")]
    public Task Publish_Native_HasNoWarningsAndAnswersScrapes() => PublishAndScrapeAsync("PublishAot");

    private static async Task PublishAndScrapeAsync(string how)
    {
        using var folder = new TemporaryFolder();
        await PublishAsync(folder.Path, how);

        var program = Path.Combine(folder.Path, "publish", "ProgressTelemetry.Demo", $"release_{RuntimeInformation.RuntimeIdentifier}", "progress-demo");
        using var demo = DemoProcess.StartPublished(program, "serve", "--urls", "http://127.0.0.1:0", "--speed", "100");
        using var client = new HttpClient { BaseAddress = await demo.AddressAsync() };
        await demo.LineAsync("of content-pipeline ended: success");

        Assert.Matches("(?m)^workflow_run_duration_seconds_count{.*workflow_name=\"content-pipeline\".*} [1-9]", await client.GetStringAsync("/metrics"));
        Assert.Contains("<html", await client.GetStringAsync("/progress"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"content-pipeline\"", await client.GetStringAsync("/progress/runs"), StringComparison.Ordinal);

        var (code, _, error) = await demo.StopAsync();
        Assert.Equal((0, ""), (code, error));
    }

    /// <summary>Publishes into a folder of its own, so that the tests that run meanwhile keep their builds.</summary>
    private static async Task PublishAsync(string folder, string how)
    {
        var project = Path.Combine(RealParts.RepositoryRoot, "src", "ProgressTelemetry.Demo");
        string[] arguments =
        [
            "publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", $"-p:{how}=true", "-p:TrimmerSingleWarn=false", "--artifacts-path", folder,
            "-v", "quiet", "-nodeReuse:false",
        ];
        using var publish = Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var output = publish.StandardOutput.ReadToEndAsync(patience.Token);
            var error = publish.StandardError.ReadToEndAsync(patience.Token);
            await publish.WaitForExitAsync(patience.Token);
            Assert.DoesNotContain("warning", await output, StringComparison.OrdinalIgnoreCase);
            Assert.True(publish.ExitCode == 0, $"{await output}{await error}");
        }
        finally
        {
            if (!publish.HasExited)
            {
                publish.Kill(entireProcessTree: true);
            }
        }
    }
}
