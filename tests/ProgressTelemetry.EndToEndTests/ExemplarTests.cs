using ProgressTelemetry.EndToEndTests.Tools;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>From a point on a duration's graph to the trace of the run that took so long, through a real Prometheus.</summary>
[Collection(RealServers.Name)]
public sealed class ExemplarTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [RealPartFact("prometheus", "prometheus-alertmanager")]
    public async Task RunDuration_OfTheDemo_IsStoredWithTheTraceOfItsRun()
    {
        await using var stack = await Stack.StartAsync(demos: 1);
        await stack.StartDemoAsync("--speed", "20");

        var exemplars = await Eventually.GetAsync(
            "exemplars of run durations",
            () => stack.Prometheus.ExemplarsAsync("workflow_run_duration_seconds_bucket{workflow_name=\"catalog\"}"),
            exemplars => exemplars.Count > 0,
            Limit);

        var run = Assert.Single(await stack.Prometheus.AnswersAsync($"workflow_run_info{{trace_id=\"{exemplars[0].TraceId}\"}}", s => s.Count > 0, Limit));
        Assert.Equal("catalog", run.Label("workflow_name"));
    }
}
