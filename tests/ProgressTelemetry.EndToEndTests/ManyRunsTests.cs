using ProgressTelemetry.EndToEndTests.Contract;
using ProgressTelemetry.EndToEndTests.Tools;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>Many runs in one process, and many processes in one run, as Prometheus sees them.</summary>
[Collection(RealServers.Name)]
public sealed class ManyRunsTests
{
    private const int FloodRuns = 2500;
    private const int SeriesBudget = 1000;
    private const int SharedTasks = 600;

    /// <summary>Quotes, backslashes, braces, a line's worth of text, and two scripts: 200 characters.</summary>
    private static readonly string HostileId = "he said \"go\\stop\", 'now' — {job=\"x\"} 工作流 ünïcode ".PadRight(200, '/');

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [RealPartFact("prometheus", "prometheus-alertmanager")]
    public async Task Flood_OfShortRuns_IsCountedExactly_AndOverflowsNothing()
    {
        await using var stack = await Stack.StartAsync(demos: 1);
        await stack.StartDemoAsync("--scenario", "flood", "--scenario", "incidents", "--speed", "2");

        await stack.Prometheus.AnswersAsync(
            "sum(workflow_run_duration_seconds_count{workflow_name=\"flood\",workflow_run_result=\"success\"})", s => s is [{ Value: FloodRuns }], Limit);

        Assert.Equal([FloodRuns], await ValuesAsync("sum(workflow_run_duration_seconds_count{workflow_name=\"flood\"})"));
        Assert.Equal([FloodRuns * 4], await ValuesAsync("sum(workflow_stage_tasks_total{workflow_name=\"flood\"})"));
        Assert.Equal([0], await ValuesAsync("sum(workflow_run_active{workflow_name=\"flood\"})"));
        Assert.Equal([3], await ValuesAsync("sum(workflow_run_active{workflow_name!=\"flood\"})"));
        Assert.Empty(await stack.Prometheus.QueryAsync("count({otel_metric_overflow!=\"\"})"));
        var series = Assert.Single(await stack.Prometheus.QueryAsync("max_over_time(max(count by (__name__) ({__name__=~\"workflow_run_.+\",workflow_run_id!=\"\"}))[5m:1s])"));
        Assert.InRange(series.Value, 1, SeriesBudget);

        async Task<IEnumerable<double>> ValuesAsync(string query) => (await stack.Prometheus.QueryAsync(query)).Select(s => s.Value);
    }

    [RealPartFact("prometheus", "prometheus-alertmanager")]
    public async Task Run_OfTwoProcesses_UnderAHostileId_IsRecordedWhole_AndReadableInItsDashboard()
    {
        await using var stack = await Stack.StartAsync(demos: 2);
        await stack.StartDemoAsync("--scenario", "join", "--run-id", HostileId, "--share", "1/3", "--speed", "4");
        await stack.StartDemoAsync("--scenario", "join", "--run-id", HostileId, "--share", "2/3", "--speed", "4");
        var run = $"workflow_run_id=`{HostileId}`";

        // Both report shares; what is recorded is their sum over the whole, at the same moment.
        await stack.Prometheus.AnswersAsync($"count(workflow_run_tasks_completed{{{run}}} > 0)", s => s is [{ Value: 2 }], Limit);
        await stack.Prometheus.AnswersAsync($"workflow_run:completion:ratio{{{run}}}", s => s.Count == 1, Limit);

        // Each third of the tasks done, and the last third nobody's.
        var whole = await stack.Prometheus.AnswersAsync($"workflow_run:tasks_completed:sum{{{run}}}", s => s is [{ Value: SharedTasks * 2 / 3 }], Limit);
        Assert.Equal(HostileId, Assert.Single(whole).Label("workflow_run_id"));
        await stack.Prometheus.AnswersAsync($"workflow_run:completion:ratio{{{run}}}", s => s is [{ Value: > .666 and < .667 }], Limit);
        Assert.Equal([SharedTasks], (await stack.Prometheus.QueryAsync($"workflow_run:tasks_expected:max{{{run}}}")).Select(s => s.Value));

        // The dashboard's variable offers the id as it is, and every panel's query takes it as the variable writes it.
        Assert.Equal([HostileId], await stack.Prometheus.LabelValuesAsync("workflow_run_state{workflow_name=~`.+`}", "workflow_run_id"));
        var dashboard = Dashboard.Parse("progress-run", StackFiles.Shipped["grafana/dashboards/progress-run.json"]);
        foreach (var (where, query) in dashboard.Queries().Where(q => !NeedsMore(q.Query)))
        {
            var filled = query.Replace("${run:raw}", HostileId, StringComparison.Ordinal)
                .Replace("${workflow:regex}", ".+", StringComparison.Ordinal)
                .Replace("$__range", "15m", StringComparison.Ordinal);
            var answer = await stack.Prometheus.QueryAsync(filled);
            Assert.True(answer.Count > 0, $"{where}: no data for {filled}");
        }

    }

    /// <summary>The shared run has neither a deadline nor milestones.</summary>
    private static bool NeedsMore(string query) =>
        query.Contains("deadline", StringComparison.Ordinal) || query.Contains("milestone", StringComparison.Ordinal) || query.Contains("workflow_run_stage_state", StringComparison.Ordinal);
}
