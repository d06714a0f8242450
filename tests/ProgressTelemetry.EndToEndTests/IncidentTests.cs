using ProgressTelemetry.EndToEndTests.Tools;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>What people are told when runs of the real demo stall, get late and reach milestones, and when the demo dies.</summary>
[Collection(RealServers.Name)]
public sealed class IncidentTests
{
    /// <summary>Ten times human speed: 2 s to a stall, 18 s of silence, a deadline after 48 s that is missed by half as long again, a milestone every 3 s.</summary>
    private const string Speed = "10";
    private const int Milestones = 20;

    /// <summary>Generous, since machines that build at the same time are slow; nothing waits this long when all is well.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [RealPartFact("prometheus", "prometheus-alertmanager")]
    public async Task Incidents_OfTheDemo_AreEachToldOnce()
    {
        await using var stack = await Stack.StartAsync(demos: 1);
        var demo = await stack.StartDemoAsync("--scenario", "incidents", "--speed", Speed, "--milestones", $"{Milestones}");
        var webhook = stack.Webhook;

        // Stalled on purpose; then it moves on.
        await webhook.HearsAsync("the stall", _ => webhook.Firing("ProgressRunStalled").Any(IsImport), Limit);
        await webhook.HearsAsync("the stall's resolution", _ => webhook.Resolved("ProgressRunStalled").Any(IsImport), Limit);

        // Prometheus dies while milestones are being reached, and misses at least two.
        await webhook.HearsAsync("first milestones", _ => webhook.Firing("ProgressMilestoneReached").Count() >= 2, Limit);
        await stack.Prometheus.KillAsync();
        var before = await demo.CounterAsync("workflow_milestone_reached_total");
        await Eventually.GetAsync("milestones that Prometheus misses", () => demo.CounterAsync("workflow_milestone_reached_total"), reached => reached >= before + 2, Limit);
        await stack.Prometheus.StartAsync();

        // Late by forecast, and then in fact.
        await webhook.HearsAsync("the forecast", _ => webhook.Firing("ProgressRunLateForecast").Any(IsReport), Limit);
        await webhook.HearsAsync("the missed deadline", _ => webhook.Firing("ProgressRunDeadlineMissed").Any(IsReport), Limit);
        var heard = webhook.Notifications;
        Assert.True(
            heard.Index().First(n => n.Item.Alert == "ProgressRunLateForecast").Index < heard.Index().First(n => n.Item.Alert == "ProgressRunDeadlineMissed").Index,
            string.Join('\n', heard));
        await webhook.HearsAsync("the end of the late run", _ => webhook.Resolved("ProgressRunDeadlineMissed").Any(IsReport), Limit);

        await webhook.HearsAsync("all milestones", _ => webhook.Firing("ProgressMilestoneReached").DistinctBy(Milestone).Count() >= Milestones, Limit);
        await demo.KillAsync();
        await webhook.HearsAsync("the dead tracker", _ => webhook.Firing("ProgressTrackerDown").Any(), Limit);

        Assert.Single(webhook.Firing("ProgressRunStalled"), IsImport);
        Assert.Single(webhook.Resolved("ProgressRunStalled"), IsImport);
        Assert.Equal(Milestones, webhook.Firing("ProgressMilestoneReached").Count());
        Assert.Equal(
            Enumerable.Range(1, Milestones).Select(i => $"step {i}").Order(StringComparer.Ordinal),
            webhook.Firing("ProgressMilestoneReached").Select(n => n.Label("workflow_milestone_name")).Order(StringComparer.Ordinal));
        Assert.Empty(webhook.Resolved("ProgressMilestoneReached"));
        Assert.Empty(webhook.Firing("ProgressTrackerAbsent"));
        Assert.All(webhook.Firing("ProgressMilestoneReached"), n => Assert.Equal("milestones", n.Receiver));
        Assert.All(webhook.Firing("ProgressRunStalled"), n => Assert.Equal("team", n.Receiver));
        Assert.All(webhook.Firing("ProgressRunDeadlineMissed").Concat(webhook.Firing("ProgressTrackerDown")), n => Assert.Equal("on-call", n.Receiver));
    }

    private static bool IsImport(Notification n) => n.Label("workflow_name") == "nightly-import";

    private static bool IsReport(Notification n) => n.Label("workflow_name") == "quarterly-report";

    private static (string Run, string Milestone) Milestone(Notification n) => (n.Label("workflow_run_id"), n.Label("workflow_milestone_name"));
}
