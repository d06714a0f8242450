using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Demo.Tests;

/// <summary><c>serve</c> in a process of its own, on a free port.</summary>
public sealed class ServeTests
{
    private static readonly string[] FreePort = ["--urls", "http://127.0.0.1:0"];
    private static readonly TimeSpan RegexLimit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Serve_AtStart_AnswersOnPageMetricsAndHealthAndStopsQuietly()
    {
        using var demo = DemoProcess.Start([.. FreePort, "--speed", "100"]);
        using var client = new HttpClient { BaseAddress = await demo.AddressAsync() };

        Assert.Contains("<html", await client.GetStringAsync("/"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<html", await client.GetStringAsync("/progress"), StringComparison.OrdinalIgnoreCase);

        // Degraded where a busy machine misses a deadline, of which there are a hundred times as many here.
        Assert.Contains(await client.GetStringAsync("/healthz"), new[] { "Healthy", "Degraded" });
        await demo.LineAsync("of content-pipeline ended: success");
        await demo.LineAsync("of catalog ended: success");
        var metrics = await client.GetStringAsync("/metrics");
        Assert.Matches("(?m)^workflow_run_active{.*workflow_name=\"catalog\".*} [01]$", metrics);
        Assert.Matches("(?m)^workflow_stage_items_total{.*workflow_item_kind=\"platform\".*} [1-9]", metrics);
        Assert.Matches("(?m)^workflow_stage_revisions_total{.*workflow_name=\"content-pipeline\".*} [1-9]", metrics);
        Assert.Matches("(?m)^workflow_run_info{.*workflow_name=\"catalog\".*} 1$", metrics);

        var (code, output, error) = await demo.StopAsync();
        Assert.Equal((0, ""), (code, error));
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [RealPartFact("promtool")]
    public async Task Serve_AfterBothPipelinesEnded_IsAcceptedByPromtool()
    {
        using var demo = DemoProcess.Start([.. FreePort, "--speed", "100"]);
        using var client = new HttpClient { BaseAddress = await demo.AddressAsync() };
        await demo.LineAsync("of content-pipeline ended: success");
        await demo.LineAsync("of catalog ended: success");
        var metrics = await client.GetStringAsync("/metrics");

        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaints = promtool.StandardError.ReadToEndAsync();
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();
        Assert.Equal("", await complaints);
        Assert.Equal(0, promtool.ExitCode);
    }

    [Fact]
    public async Task Serve_ScrapedAsOpenMetrics_HasExemplarsThatLeadToRuns()
    {
        using var demo = DemoProcess.Start([.. FreePort, "--speed", "100"]);
        using var client = new HttpClient { BaseAddress = await demo.AddressAsync() };
        await demo.LineAsync("of content-pipeline ended: success");
        client.DefaultRequestHeaders.Add("Accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");

        using var response = await client.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal("application/openmetrics-text", response.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith("# EOF\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // A run's own series appear with the tracker's next tick, up to a second after the exemplar.
        await Eventually.GetAsync("a run with the trace of the exemplar", () => client.GetStringAsync("/metrics"), metrics =>
        {
            var exemplar = Regex.Match(
                metrics, "^workflow_run_duration_seconds_bucket{.*workflow_name=\"content-pipeline\".*} [1-9].* # {.*trace_id=\"(?<trace>[0-9a-f]{32})\".*}", RegexOptions.Multiline, RegexLimit);
            Assert.True(exemplar.Success, metrics);
            return Regex.IsMatch(metrics, $"(?m)^workflow_run_info{{.*trace_id=\"{exemplar.Groups["trace"].Value}\".*}} 1$", RegexOptions.None, RegexLimit);
        }, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Serve_PortInUse_SaysSoAndReturns1()
    {
        using var first = DemoProcess.Start([.. FreePort, "--scenario", "none"]);
        var address = await first.AddressAsync();

        var (code, output, error) = await DemoProcess.RunAsync("serve", "--scenario", "none", "--urls", address.ToString());

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("address already in use", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Serve_Trouble_ResumesRetriesAndCrashes()
    {
        using var demo = DemoProcess.Start(["serve", .. FreePort, "--scenario", "trouble", "--speed", "40"]);
        using var client = new HttpClient { BaseAddress = await demo.AddressAsync() };

        await demo.LineAsync("of photo-backup ended: success");
        await demo.LineAsync("of partner-sync ended: success");
        await demo.LineAsync("of video-encode ended: success");
        await demo.LineAsync("of schema-migration ended: failure");

        var metrics = await client.GetStringAsync("/metrics");
        Assert.True(Sum(metrics, "workflow_stage_task_attempts_total", "partner-sync") >= 12, metrics);
        Assert.Matches("(?m)^workflow_stage_tasks_total{.*workflow_name=\"photo-backup\".*workflow_task_result=\"skip\".*} [1-9]", metrics);
        Assert.Matches("(?m)^workflow_milestone_reached_total{.*workflow_milestone_name=\"50 %\".*workflow_name=\"schema-migration\".*} [1-9]", metrics);
        Assert.Matches("(?m)^workflow_milestone_reached_total{.*workflow_milestone_name=\"75 %\".*workflow_name=\"schema-migration\".*} 0", metrics);
    }

    [Fact]
    public async Task Serve_Incidents_StallsResumesMissesAndReachesEachMilestone()
    {
        using var demo = DemoProcess.Start(["serve", .. FreePort, "--scenario", "incidents", "--speed", "60", "--milestones", "3"]);
        using var client = new HttpClient { BaseAddress = await demo.AddressAsync() };

        await demo.LineAsync("of nightly-import is stalled");
        await demo.LineAsync("of nightly-import moves on");
        await demo.LineAsync("of nightly-import ended: success");
        await demo.LineAsync("of release-train ended: success");
        await demo.LineAsync("of quarterly-report is forecast to end");
        await demo.LineAsync("of quarterly-report missed its deadline");
        await demo.LineAsync("of quarterly-report ended: success");

        var metrics = await client.GetStringAsync("/metrics");
        Assert.Equal(1, Sum(metrics, "workflow_run_stalls_total", "nightly-import"));
        Assert.Equal(3, Sum(metrics, "workflow_milestone_reached_total", "release-train"));
    }

    [Fact]
    public async Task Serve_Flood_CountsEveryRunWithoutOverflow()
    {
        using var demo = DemoProcess.Start(["serve", .. FreePort, "--scenario", "flood", "--speed", "100"]);
        using var client = new HttpClient { BaseAddress = await demo.AddressAsync() };

        await demo.LineAsync("The flood is over: 2500 runs, 10000 tasks");

        var metrics = await client.GetStringAsync("/metrics");
        Assert.Equal(2500, Sum(metrics, "workflow_run_duration_seconds_count", "flood"));
        Assert.Equal(10000, Sum(metrics, "workflow_stage_tasks_total", "flood"));
        Assert.DoesNotContain("otel_metric_overflow", metrics, StringComparison.Ordinal);
    }

    /// <summary>The metrics once they hold a series: runs are chosen for series of their own once a second.</summary>
    private static async Task<string> MetricsWithAsync(HttpClient client, string series)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var metrics = await client.GetStringAsync("/metrics", limit.Token);
            if (metrics.Contains(series, StringComparison.Ordinal))
            {
                return metrics;
            }
        }
    }

    [Fact]
    public async Task Serve_JoinInTwoProcesses_SharesAddUpToTheRun()
    {
        string[] join = ["serve", .. FreePort, "--scenario", "join", "--run-id", "nightly-7", "--speed", "1000", "--share"];
        using var first = DemoProcess.Start([.. join, "1/2"]);
        using var second = DemoProcess.Start([.. join, "2/2"]);
        var completed = 0.0;
        foreach (var demo in (DemoProcess[])[first, second])
        {
            using var client = new HttpClient { BaseAddress = await demo.AddressAsync() };
            await demo.LineAsync("Run nightly-7 of shared-index ended: success");
            var metrics = await MetricsWithAsync(client, "workflow_run_tasks_completed{");
            completed += Sum(metrics, "workflow_run_tasks_completed", "shared-index");
            Assert.Equal(600, Sum(metrics, "workflow_run_tasks_expected", "shared-index"));
        }

        Assert.Equal(600, completed);
    }

    [Fact]
    public async Task Serve_NoScenario_StillPublishesTheTracker()
    {
        using var demo = DemoProcess.Start(["serve", .. FreePort, "--scenario", "none"]);
        using var client = new HttpClient { BaseAddress = await demo.AddressAsync() };

        using var response = await client.GetAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("progress_tracker_heartbeat_timestamp_seconds", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static double Sum(string metrics, string name, string workflow) => metrics.Split('\n')
        .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains($"workflow_name=\"{workflow}\"", StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
