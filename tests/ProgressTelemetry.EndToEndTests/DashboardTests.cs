using ProgressTelemetry.EndToEndTests.Contract;
using ProgressTelemetry.EndToEndTests.Tools;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>Every query of every dashboard, asked of a real Prometheus while the demo works.</summary>
[Collection(RealServers.Name)]
public sealed class DashboardTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Queries for what may well not be there: runs that stall or were cancelled.</summary>
    private static readonly string[] MayBeEmpty = ["progress-overview.json panel 9 'Completion' B", "progress-overview.json panel 9 'Completion' E"];

    [RealPartFact("prometheus", "prometheus-alertmanager")]
    public async Task Queries_OfEveryDashboard_AnswerWhileTheDemoWorks()
    {
        await using var stack = await Stack.StartAsync(demos: 1);
        await stack.StartDemoAsync("--scenario", "work", "--scenario", "trouble", "--speed", "10");

        // A run with everything: a deadline, milestones, stages, revisions and items; and one that has ended before it.
        await stack.Prometheus.AnswersAsync("sum by (workflow_name) (workflow_run_duration_seconds_count{workflow_name=\"content-pipeline\"})", s => s is [{ Value: >= 2 }], Limit);
        await stack.Prometheus.AnswersAsync("sum by (workflow_name) (workflow_run_duration_seconds_count{workflow_name=\"catalog\"})", s => s is [{ Value: >= 2 }], Limit);
        await stack.Prometheus.AnswersAsync("workflow_run:state:joint{workflow_name=\"schema-migration\"} == 5", s => s.Count > 0, Limit);
        await stack.Prometheus.AnswersAsync("increase(workflow_stage_task_attempts_total{workflow_name=\"partner-sync\"}[1m]) > 0", s => s.Count > 0, Limit);
        var run = Assert.Single(await stack.Prometheus.AnswersAsync(
            "topk(1, workflow_run_completion_ratio{workflow_name=\"catalog\"} and on (workflow_run_id) workflow_run_state == 1 and on (workflow_run_id) workflow_run_milestone_timestamp_seconds and on (workflow_run_id) workflow_run:completion:ratio and on (workflow_run_id) workflow_run:estimated_end_timestamp_seconds:joint)",
            s => s.Count == 1,
            Limit));

        foreach (var (where, query) in StackFiles.Shipped.Dashboards.Select(f => Dashboard.Parse(f.Key, f.Value)).SelectMany(d => d.Queries()))
        {
            var filled = Fill(query, run.Label("workflow_run_id"));
            var answer = await stack.Prometheus.QueryAsync(filled);
            Assert.True(answer.Count > 0 || MayBeEmpty.Any(e => where.EndsWith(e, StringComparison.Ordinal)), $"{where}: no data for {filled}");
        }
    }

    private static string Fill(string query, string run) => query
        .Replace("${run:raw}", run, StringComparison.Ordinal)
        .Replace("${workflow:regex}", ".+", StringComparison.Ordinal)
        .Replace("${instance:regex}", ".+", StringComparison.Ordinal)
        .Replace("$__range", "15m", StringComparison.Ordinal)
        .Replace("$window", "1m", StringComparison.Ordinal);
}
