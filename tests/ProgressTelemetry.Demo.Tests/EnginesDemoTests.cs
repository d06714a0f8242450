using System.Text.Json.Nodes;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.Demo.Tests;

/// <summary>Three real engines in one process, seen on the page's JSON.</summary>
public sealed class EnginesDemoTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Engines_EachOfThem_ShowsARunWithItsStagesRetriesAndWaits()
    {
        using var demo = DemoProcess.StartEngines("--urls", "http://127.0.0.1:0", "--speed", "10");
        using var client = new HttpClient { BaseAddress = await demo.AddressAsync() };

        var orders = await EndedAsync("Orders.ImportAsync");
        Assert.Equal(["Orders.ImportAsync 1", "Orders.CheckAsync 2", "Orders.BillAsync 1"], Stages(orders));
        Assert.Equal(1, (int)orders["performance"]!["failedAttempts"]!);

        var report = await EndedAsync("report");
        Assert.Equal(["report 1", "mail 1"], Stages(report));

        var newsletter = await EndedAsync("newsletter");
        Assert.Equal(["draft", "pictures", "text", "join", "approval", "decide", "publish"], Stages(newsletter).Select(stage => stage.Split(' ')[0]));
        Assert.Equal(1, (int)newsletter["stages"]![0]!["revisions"]!);
        Assert.True((double)newsletter["performance"]!["waitTimeSeconds"]! > .5, newsletter.ToJsonString());
        Assert.Contains("workflow_name=\"newsletter\"", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal(0, (await demo.StopAsync()).ExitCode);

        async Task<JsonNode> EndedAsync(string workflow) => (await Eventually.GetAsync(
            $"an ended run of {workflow}",
            async () => JsonNode.Parse(await client.GetStringAsync($"/progress/runs?workflow={workflow}"))!["runs"]!.AsArray().LastOrDefault(run => (string?)run!["state"] == "succeeded"),
            run => run is not null,
            Limit))!;
    }

    private static IEnumerable<string> Stages(JsonNode run) => run["stages"]!.AsArray().Select(stage => $"{stage!["name"]} {stage["completedTasks"]}");
}
