using ProgressTelemetry.EndToEndTests.Contract;
using ProgressTelemetry.Signals;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>The stack against the code's catalogue, without a network; and, for each check, that it would notice.</summary>
public sealed class ContractTests
{
    private const string Overview = "grafana/dashboards/progress-overview.json";
    private const string Run = "grafana/dashboards/progress-run.json";
    private const string Alerts = "prometheus/rules/progress-alerts.yml";

    private static StackFiles Shipped => StackFiles.Shipped;

    [Fact]
    public void Problems_OfTheShippedStack_AreNone() => Assert.Empty(StackContract.Problems(Shipped));

    [Theory]
    [InlineData("How far is it?")]
    [InlineData("When will it be done?")]
    [InlineData("What is slow?")]
    [InlineData("Is it stuck?")]
    [InlineData("How many revisions?")]
    [InlineData("How many platforms were processed?")]
    [InlineData("What is the throughput?")]
    [InlineData("What failed?")]
    public void Question_OfTheProject_IsAnsweredByAPanelAndAQuery(string question)
    {
        var answer = Assert.Single(Shipped["docs/queries.md"].Split("\n## "), section => section.StartsWith(question + "\n", StringComparison.Ordinal));
        Assert.Contains("Dashboard `progress-", answer, StringComparison.Ordinal);
        Assert.Contains("```promql", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Dashboards_Shipped_AreTheFour() =>
        Assert.Equal(
            ["progress-bottlenecks", "progress-overview", "progress-run", "progress-tracker"],
            Shipped.Dashboards.Select(f => Dashboard.Parse(f.Key, f.Value).Uid).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("ProgressMilestoneReached", "", "info")]
    [InlineData("ProgressRunStalled", "1m", "warning")]
    [InlineData("ProgressRunLateForecast", "5m", "warning")]
    [InlineData("ProgressRunDeadlineMissed", "", "critical")]
    [InlineData("ProgressFailureRatioHigh", "10m", "warning")]
    [InlineData("ProgressRevisionStorm", "5m", "warning")]
    [InlineData("ProgressThroughputDrop", "15m", "warning")]
    [InlineData("ProgressNoRecentSuccess", "5m", "warning")]
    [InlineData("ProgressTrackerDown", "1m", "critical")]
    [InlineData("ProgressTrackerAbsent", "5m", "critical")]
    [InlineData("ProgressTrackerFrozen", "1m", "critical")]
    public void Alert_Shipped_HasItsForAndSeverity(string name, string @for, string severity)
    {
        var rule = Assert.Single(Shipped.Rules.SelectMany(f => RuleFile.Parse(f.Value)), r => r.IsAlert && r.Name == name);
        Assert.Equal((@for, severity), (rule.For, rule.Severity));
    }

    [Fact]
    public void RenamedInstrument_IsReported()
    {
        var renamed = Vocabulary.Instruments
            .Select(i => i.Name == "workflow.run.state" ? i with { Name = "workflow.run.status", ScrapedAs = "workflow_run_status" } : i)
            .ToList();
        var problems = StackContract.Problems(Shipped, renamed).ToList();
        Assert.Contains(problems, p => p.Contains(Run, StringComparison.Ordinal) && p.Contains("'workflow_run_state' is not in the catalogue", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("ProgressRunStalled", StringComparison.Ordinal) && p.Contains("'workflow_run_state'", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("instrument 'workflow.run.status' is neither used nor listed", StringComparison.Ordinal));
    }

    [Fact]
    public void RemovedAttribute_IsReported()
    {
        var poorer = Vocabulary.Instruments
            .Select(i => i.Name == "workflow.stage.items" ? i with { AttributeKeys = [.. i.AttributeKeys.Where(k => k != "workflow.item.kind")] } : i)
            .ToList();
        Assert.Contains(StackContract.Problems(Shipped, poorer), p => p.Contains("workflow_item_kind", StringComparison.Ordinal));
    }

    [Fact]
    public void AddedInstrument_ThatNobodyReads_IsReported()
    {
        var extra = new InstrumentDefinition("ProgressTelemetry", "workflow.run.new", InstrumentKind.Counter, "{run}", "workflow_run_new_total", "New.");
        Assert.Contains("instrument 'workflow.run.new' is neither used nor listed as deliberately unused", StackContract.Problems(Shipped, [.. Vocabulary.Instruments, extra]));
    }

    [Theory]
    [InlineData(Overview, "sum(workflow_run_active{", "sum((workflow_run_active{", "does not parse")]
    [InlineData(Overview, "histogram_quantile(0.95,", "histogram_quantil(0.95,", "there is no function 'histogram_quantil'")]
    [InlineData(Overview, "workflow_run_active{", "workflow_runs_active{", "metric 'workflow_runs_active' is not in the catalogue")]
    [InlineData(Overview, "workflow_name=~`${workflow:regex}`", "workflow=~`${workflow:regex}`", "has no label 'workflow'")]
    [InlineData(Overview, "{{workflow_run_result}}", "{{result}}", "no metric has the label 'result'")]
    [InlineData(Overview, "[$window]", "[$windo]", "variable 'windo' is not defined")]
    [InlineData(Overview, "\"uid\": \"progress-overview\"", "\"uid\": \"progress-run\"", "uid 'progress-run' is used twice")]
    [InlineData(Overview, "\"id\": null", "\"id\": 7", "id must be null")]
    [InlineData(Overview, "\"schemaVersion\": 41", "\"schemaVersion\": 38", "schemaVersion is below 39")]
    [InlineData(Overview, "\"editable\": false", "\"editable\": true", "editable must be false")]
    [InlineData(Overview, "\"id\": null", "\"__inputs\": [], \"id\": null", "__inputs do not work")]
    [InlineData(Overview, "\"keepTime\": true", "\"keepTime\": false", "no links that keep time")]
    [InlineData(Overview, "\"label\": \"Data source\"", "\"label\": \"Source\"", "one variable 'datasource'")]
    [InlineData(Overview, "\"uid\": \"${datasource}\"", "\"uid\": \"prometheus\"", "does not use the data source variable")]
    [InlineData(Overview, "\"allValue\": \".+\"", "\"allValue\": \"\"", "has no allValue")]
    [InlineData(Overview, "\"title\": \"Stalled runs\"", "\"title\": \"\"", "has no title")]
    [InlineData(Overview, "\"unit\": \"none\"", "\"displayName\": \"x\"", "has no unit and no mappings")]
    [InlineData(Overview, "\"x\": 4,", "\"x\": 3,", "overlaps")]
    [InlineData(Overview, "\"format\": \"table\"", "\"format\": \"time_series\"", "is a table with a query that is not instant")]
    [InlineData(Overview, "\"displayName\": \"Deadline margin\"", "\"displayName\": \"Margin\"", "names the column 'Margin'")]
    [InlineData(Overview, "increase(workflow_milestone_reached_total{workflow_name=~`${workflow:regex}`}[$__range])", "workflow_milestone_reached_total{workflow_name=~`${workflow:regex}`}", "shows a counter without rate")]
    [InlineData(Overview, ">= 0 or (workflow_run_duration_seconds_count{", ">= 0 or workflow_run_duration_seconds_count{", "shows a lifetime's total in a window")]
    [InlineData(Overview, "/d/progress-run", "/d/progress-runs", "links to the dashboard 'progress-runs'")]
    [InlineData(Run, "%22uid%22%3A%22progress-traces%22", "%22uid%22%3A%22tempo%22", "links to the data source 'tempo'")]
    [InlineData(Alerts, "workflow_run_stall_threshold_seconds", "workflow_run_stall_limit_seconds", "metric 'workflow_run_stall_limit_seconds' is not in the catalogue")]
    [InlineData(Alerts, "severity: critical", "severity: page", "has no severity")]
    [InlineData(Alerts, "docs/runbooks/ProgressRunStalled.md", "docs/runbooks/Stalled.md", "must link to docs/runbooks/ProgressRunStalled.md")]
    [InlineData(Alerts, "A workflow run reached a milestone.", "Run {{ $labels.workflow_run_id }} reached a milestone.", "static summary")]
    [InlineData("docs/runbooks/ProgressRunStalled.md", "## When to silence", "## Silence", "has a runbook that lacks one of")]
    [InlineData("docs/runbooks/ProgressRunStalled.md", "*Stage timeline*", "*Gantt*", "has no panel 'Gantt'")]
    [InlineData("docs/runbooks/ProgressRunStalled.md", "workflow_run_stage_state)", "workflow_run_stage_status)", "metric 'workflow_run_stage_status' is not in the catalogue")]
    [InlineData("prometheus/tests/runs.yml", "alertname: ProgressRunLateForecast", "alertname: ProgressRunDeadlineMissed", "alert ProgressRunLateForecast has no test in which it fires")]
    [InlineData("prometheus/rules/progress-recording.yml", "record: workflow_stage:tasks:rate5m", "record: workflow_stage:tasks:rate10m", "'workflow_stage:tasks:rate10m' is read by nobody")]
    public void BrokenText_IsReported(string path, string old, string @new, string problem) =>
        Assert.Contains(StackContract.Problems(Shipped.Replace(path, old, @new)), p => p.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void DeletedRunbook_IsReported() =>
        Assert.Contains("alert ProgressRunStalled has no docs/runbooks/ProgressRunStalled.md", StackContract.Problems(Shipped.Without("docs/runbooks/ProgressRunStalled.md")));

    [Fact]
    public void RunbookOfNoAlert_IsReported() =>
        Assert.Contains("docs/runbooks/ProgressOld.md belongs to no alert", StackContract.Problems(Shipped.With("docs/runbooks/ProgressOld.md", "# ProgressOld\n")));

    [Fact]
    public void RemovedPanel_LeavesItsVariableUnused_IsReported() =>
        Assert.Contains(
            StackContract.Problems(Shipped.Replace(Overview, "$window", "5m")),
            p => p.Contains("variable 'window' is not used", StringComparison.Ordinal));
}
