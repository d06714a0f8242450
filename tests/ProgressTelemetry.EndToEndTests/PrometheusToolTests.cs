using System.Text;
using System.Text.Json;
using ProgressTelemetry.EndToEndTests.Contract;
using ProgressTelemetry.EndToEndTests.Tools;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>What promtool and amtool say of the shipped files.</summary>
public sealed class PrometheusToolTests
{
    private static string Root => RealParts.RepositoryRoot;

    [RealPartTheory("promtool")]
    [InlineData("prometheus.yml", false)]
    [InlineData("prometheus/prometheus.compose.yml", true)] // its rule files are mounted elsewhere
    public async Task Promtool_CheckConfig_Succeeds(string file, bool syntaxOnly) =>
        await SucceedsAsync("promtool", ["check", "config", .. syntaxOnly ? ["--syntax-only"] : Array.Empty<string>(), file]);

    [RealPartFact("promtool")]
    public async Task Promtool_CheckRulesWithEveryLint_Succeeds() =>
        await SucceedsAsync("promtool", ["check", "rules", "--lint=all", "--lint-fatal", .. StackFiles.Shipped.Rules.Select(f => f.Key)]);

    [RealPartFact("promtool")]
    public async Task Promtool_TestRules_Succeeds() =>
        await SucceedsAsync("promtool", ["test", "rules", .. StackFiles.Shipped.RuleTests.Select(f => f.Key)]);

    [RealPartFact("promtool")]
    public async Task Promtool_TestRules_OfAnAlertThatNeverFires_Fails()
    {
        using var folder = new TemporaryFolder();
        var broken = StackFiles.Shipped.Replace("prometheus/rules/progress-alerts.yml", "(workflow_run_state == 1 or workflow_run_state == 3)", "(workflow_run_state == 9)");
        foreach (var file in broken.Texts.Where(f => f.Key.StartsWith("prometheus/", StringComparison.Ordinal)))
        {
            folder.Write(file.Key, file.Value);
        }

        var run = await ProgramRun.OfAsync(folder.Path, "promtool", "test", "rules", "prometheus/tests/runs.yml");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("ProgressRunStalled", run.Output, StringComparison.Ordinal);
    }

    [RealPartFact("promtool")]
    public async Task Promtool_CheckRules_OfEveryQueryOfDashboardsAndDocuments_Succeeds()
    {
        var run = await TypeCheckAsync(StackFiles.Shipped);
        Assert.True(run.ExitCode == 0, run.Output);
    }

    [RealPartFact("promtool")]
    public async Task Promtool_CheckRules_OfAQueryWithAWrongType_Fails()
    {
        // All names exist and all brackets close: only the type is wrong.
        var run = await TypeCheckAsync(StackFiles.Shipped.Replace("grafana/dashboards/progress-overview.json", "sum(workflow_run_active{", "rate(workflow_run_active{"));
        Assert.NotEqual(0, run.ExitCode);
    }

    [RealPartFact("amtool")]
    public async Task Amtool_CheckConfig_Succeeds() => await SucceedsAsync("amtool", ["check-config", "prometheus/alertmanager.yml"]);

    [RealPartTheory("amtool")]
    [InlineData("milestones", "alertname=ProgressMilestoneReached", "severity=info")]
    [InlineData("team", "alertname=ProgressRunStalled", "severity=warning")]
    [InlineData("team", "alertname=ProgressRunLateForecast", "severity=warning")]
    [InlineData("team", "alertname=ProgressFailureRatioHigh", "severity=warning")]
    [InlineData("on-call", "alertname=ProgressRunDeadlineMissed", "severity=critical")]
    [InlineData("on-call", "alertname=ProgressTrackerDown", "severity=critical", "job=orders")]
    [InlineData("team", "alertname=SomethingElse")]
    public async Task Amtool_Route_OfAnAlert_IsItsReceiver(string receiver, params string[] labels)
    {
        var output = await SucceedsAsync("amtool", ["config", "routes", "test", "--config.file=prometheus/alertmanager.yml", $"--verify.receivers={receiver}", .. labels]);
        Assert.Contains(receiver, output, StringComparison.Ordinal);
    }

    private static async Task<string> SucceedsAsync(string program, IEnumerable<string> arguments)
    {
        var run = await ProgramRun.OfAsync(Root, program, arguments);
        Assert.True(run.ExitCode == 0, run.Output);
        return run.Output;
    }

    private static async Task<ProgramRun> TypeCheckAsync(StackFiles files)
    {
        using var folder = new TemporaryFolder();
        var rules = new StringBuilder("groups:\n- name: queries\n  rules:\n");
        var dashboards = files.Dashboards.Select(f => Dashboard.Parse(f.Key, f.Value)).ToList();
        foreach (var (index, (_, query)) in StackContract.Queries(files, dashboards).Index())
        {
            rules.Append($"  - record: query:number:{index}\n    expr: {JsonSerializer.Serialize(Dashboard.Filled(query))}\n");
        }

        folder.Write("queries.yml", rules.ToString());
        return await ProgramRun.OfAsync(folder.Path, "promtool", "check", "rules", "queries.yml");
    }
}
