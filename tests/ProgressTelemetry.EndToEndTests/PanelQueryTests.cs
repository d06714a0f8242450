using System.Text.Json;
using ProgressTelemetry.EndToEndTests.Contract;
using ProgressTelemetry.EndToEndTests.Tools;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>What panels show of canned series: their own queries, asked of promtool over the shipped rules. Every variable is "x", the window is 5 min, the range 1 h.</summary>
public sealed class PanelQueryTests
{
    private const string Overview = "grafana/dashboards/progress-overview.json";
    private const string Run = "grafana/dashboards/progress-run.json";
    private const string Tracker = "grafana/dashboards/progress-tracker.json";
    private const int TrackersDown = 1;
    private const int TrackersUp = 6;
    private const int ActiveRunsTable = 7;
    private const int Completion = 9;
    private const int RunsEnded = 10;
    private const int Done = 1;
    private const int DeadlineMargin = 6;
    private const int RunRevisions = 8;
    private const string Heartbeat = "progress_tracker_heartbeat_timestamp_seconds";
    private const string RunLabels = "{workflow_name=\"x\",workflow_run_id=\"x\"}";

    [RealPartFact("promtool")]
    public async Task RunsEnded_AfterAGapARestartAndANewTarget_CountsTheWindowAlone()
    {
        var result = await AskAsync(
            Overview, RunsEnded, "A", "60m",
            [
                // Prometheus was away for a quarter of an hour; the process has been up for weeks.
                (Heartbeat + Of("gap"), "1x40 _x15 1x10"),
                (Ended("gap"), "1000x40 _x15 1000x10"),

                // Scraped for the first time; the process has been up for weeks.
                (Heartbeat + Of("target"), "_x56 1x10"),
                (Ended("target"), "_x56 5000x10"),

                // A first run of its kind, in a process that was scraped before.
                (Heartbeat + Of("kind"), "1x70"),
                (Ended("kind"), "_x57 1x10"),

                // A young process, and the first run that ended in it.
                (Heartbeat + Of("young"), "_x56 1x10"),
                (Ended("young"), "_x57 3x10"),

                (Heartbeat + Of("restart"), "1x56 stale 1x10"),
                (Ended("restart"), "10x56 stale _ 1x10"),

                (Heartbeat + Of("steady"), "1x70"),
                (Ended("steady"), "7x57 9x10"),
            ],
            [(Labels("gap"), 0), (Labels("target"), 0), (Labels("kind"), 1), (Labels("young"), 3), (Labels("restart"), 1), (Labels("steady"), 2)]);
        Assert.True(result.ExitCode == 0, result.Output);

        static string Of(string scenario) => $"{{job=\"w\",instance=\"{scenario}\"}}";

        static string Ended(string scenario) =>
            $"workflow_run_duration_seconds_count{{job=\"w\",instance=\"{scenario}\",workflow_name=\"x\",workflow_run_result=\"failure\",error_type=\"{scenario}\"}}";

        static string Labels(string scenario) => $"{{workflow_run_result=\"failure\",error_type=\"{scenario}\"}}";
    }

    [RealPartTheory("promtool")]
    [InlineData(Overview, ActiveRunsTable)]
    [InlineData(Run, Done)]
    public async Task Done_OfARunInTwoProcesses_IsWhatBothDidOfTheTotal(string dashboard, int panel)
    {
        var result = await AskAsync(
            dashboard, panel, "A", "10m",
            [
                (OfRun("workflow_run_state", "a"), "1x20"),
                (OfRun("workflow_run_tasks_completed", "a"), "30x20"),
                (OfRun("workflow_run_tasks_expected", "a"), "150x20"),
                (OfRun("workflow_run_completion_ratio", "a"), "0.2x20"),

                // It was told no total, and its stage has ended.
                (OfRun("workflow_run_state", "b"), "4x20"),
                (OfRun("workflow_run_tasks_completed", "b"), "20x20"),
                (OfRun("workflow_run_tasks_expected", "b"), "20x20"),
                (OfRun("workflow_run_completion_ratio", "b"), "1x20"),
            ],
            [(RunLabels, 50 / 150.0)]);
        Assert.True(result.ExitCode == 0, result.Output);
    }

    [RealPartTheory("promtool")]
    [InlineData(Overview, ActiveRunsTable, "E")]
    [InlineData(Run, DeadlineMargin, "A")]
    public async Task DeadlineMargin_WithoutAnEstimate_IsTheTimeUntilTheDeadline(string dashboard, int panel, string query)
    {
        var overdue = await AskAsync(
            dashboard, panel, query, "10m", [(OfRun("workflow_run_state", "a"), "1x20"), (OfRun("workflow_run_deadline_timestamp_seconds", "a"), "500x20")], [(RunLabels, -100)]);
        Assert.True(overdue.ExitCode == 0, overdue.Output);

        var none = await AskAsync(dashboard, panel, query, "10m", [(OfRun("workflow_run_state", "a"), "1x20")], [(RunLabels, 1e12)]);
        Assert.True(none.ExitCode == 0, none.Output);
    }

    [RealPartTheory("promtool")]
    [InlineData("A", true)] // on its way
    [InlineData("C", false)] // succeeded
    public async Task Completion_OfARunThatHasEndedInOneOfItsProcesses_IsOnItsWay(string query, bool isShown)
    {
        var result = await AskAsync(
            Overview, Completion, query, "10m",
            [
                (OfRun("workflow_run_state", "a"), "4x20"),
                (OfRun("workflow_run_state", "b"), "1x20"),
                (OfRun("workflow_run_start_timestamp_seconds", "a"), "0x20"),
                (OfRun("workflow_run_tasks_completed", "a"), "30x20"),
                (OfRun("workflow_run_tasks_completed", "b"), "20x20"),
                (OfRun("workflow_run_tasks_expected", "b"), "100x20"),
                (OfRun("workflow_run_completion_ratio", "b"), "0.2x20"),
            ],
            isShown ? [(RunLabels, .5)] : []);
        Assert.True(result.ExitCode == 0, result.Output);
    }

    [RealPartFact("promtool")]
    public async Task TrackersDown_OfTargetsAndOfProcessesThatPush_CountsThoseThatAreGone()
    {
        var result = await AskAsync(
            Tracker, TrackersDown, "A", "12m",
            [
                (Heartbeat + "{job=\"scraped\",instance=\"x\"}", "1x5 stale"),
                ("up{job=\"scraped\",instance=\"x\"}", "1x5 0x20"),
                ("workflow_run_active{job=\"scraped\",instance=\"x\",workflow_name=\"x\"}", "1x5 stale"),

                // Pushed: one fell silent with a run under way, one after its last run, one is well.
                (Heartbeat + "{job=\"killed\",instance=\"x\"}", "1x5"),
                ("workflow_run_active{job=\"killed\",instance=\"x\",workflow_name=\"x\"}", "1x5"),
                (Heartbeat + "{job=\"stopped\",instance=\"x\"}", "1x5"),
                ("workflow_run_active{job=\"stopped\",instance=\"x\",workflow_name=\"x\"}", "1x4 0"),
                (Heartbeat + "{job=\"well\",instance=\"x\"}", "1x20"),
                ("workflow_run_active{job=\"well\",instance=\"x\",workflow_name=\"x\"}", "1x20"),
            ],
            [("{}", 2)]);
        Assert.True(result.ExitCode == 0, result.Output);
    }

    [RealPartFact("promtool")]
    public async Task TrackersUp_OfAProcessThatPushes_IsAll()
    {
        // The job is another than the target's: the series came through a Collector, or by OTLP.
        var pushed = await AskAsync(
            Overview, TrackersUp, "A", "10m", [(Heartbeat + "{job=\"shop/orders\"}", "1x20"), ("up{job=\"otel-collector\",instance=\"c:8889\"}", "1x20")], [("{}", 1)]);
        Assert.True(pushed.ExitCode == 0, pushed.Output);

        var half = await AskAsync(
            Overview, TrackersUp, "A", "10m",
            [
                (Heartbeat + "{job=\"pushes\"}", "1x20"),
                (Heartbeat + "{job=\"scraped\",instance=\"a\"}", "1x5 stale"),
                ("up{job=\"scraped\",instance=\"a\"}", "1x5 0x20"),
            ],
            [("{}", .5)]);
        Assert.True(half.ExitCode == 0, half.Output);
    }

    [RealPartTheory("promtool")]
    [InlineData(Overview, ActiveRunsTable, "G", RunLabels)]
    [InlineData(Run, RunRevisions, "A", "{}")]
    public async Task Revisions_OfARunUnderTwoScopes_CountOnceAndAddUpOverStagesAndProcesses(string dashboard, int panel, string query, string labels)
    {
        var result = await AskAsync(
            dashboard, panel, query, "10m",
            [
                (OfRun("workflow_run_state", "a"), "1x20"),
                (OfStage("a", "01", "1"), "3x20"),
                (OfStage("a", "01", "2"), "3x20"),
                (OfStage("a", "02", "1"), "4x20"),
                (OfStage("b", "01", "1"), "5x20"),
            ],
            [(labels, 12)]);
        Assert.True(result.ExitCode == 0, result.Output);

        static string OfStage(string instance, string index, string generation) =>
            $"workflow_run_stage_revisions{{job=\"w\",instance=\"{instance}\",workflow_name=\"x\",workflow_run_id=\"x\",workflow_stage_index=\"{index}\",workflow_stage_name=\"x\",otel_scope_progress_generation=\"{generation}\"}}";
    }

    private static string OfRun(string metric, string instance) => $"{metric}{{job=\"w\",instance=\"{instance}\",workflow_name=\"x\",workflow_run_id=\"x\"}}";

    private static async Task<ProgramRun> AskAsync(string path, int panel, string query, string at, (string Series, string Values)[] series, (string Labels, double Value)[] expected)
    {
        var files = StackFiles.Shipped;
        var found = Dashboard.Parse(path, files[path]).Panels.Single(p => p["id"].Number() == panel)["targets"].Items().Single(t => t["refId"].Text() == query);
        using var folder = new TemporaryFolder();
        foreach (var rules in files.Rules)
        {
            folder.Write(rules.Key, rules.Value);
        }

        folder.Write("test.yml", JsonSerializer.Serialize(new
        {
            rule_files = files.Rules.Select(f => f.Key),
            evaluation_interval = "1m",
            tests = new[]
            {
                new
                {
                    interval = "1m",
                    input_series = series.Select(s => new { series = s.Series, values = s.Values }),
                    promql_expr_test = new[]
                    {
                        new
                        {
                            expr = Dashboard.Filled(found["expr"].Text()),
                            eval_time = at,
                            exp_samples = expected.Select(e => new { labels = e.Labels, value = e.Value }),
                        },
                    },
                },
            },
        }));
        return await ProgramRun.OfAsync(folder.Path, "promtool", "test", "rules", "test.yml");
    }
}
