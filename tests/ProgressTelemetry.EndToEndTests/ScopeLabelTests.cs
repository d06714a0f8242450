using ProgressTelemetry.EndToEndTests.Contract;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>Scope labels differ between exporters, settings and a process's own meters, so no query that is shipped names one.</summary>
public sealed class ScopeLabelTests
{
    [Fact]
    public void ShippedQueries_NameNoScopeLabel()
    {
        var dashboards = StackFiles.Shipped.Dashboards.Select(f => Dashboard.Parse(f.Key, f.Value)).ToList();
        var queries = StackContract.Queries(StackFiles.Shipped, dashboards).ToList();
        Assert.NotEmpty(queries);
        Assert.DoesNotContain(queries, q => q.Query.Contains("otel_scope", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("prometheus/rules/progress-recording.yml", "sum by (job, workflow_name, workflow_stage_name) (", "sum without (instance, otel_scope_version) (", "no metric has the label 'otel_scope_version'")]
    [InlineData("grafana/dashboards/progress-overview.json", "sum(workflow_run_active{", "sum(workflow_run_active{otel_scope_progress_generation=\\\"1\\\",", "has no label 'otel_scope_progress_generation'")]
    public void QueryThatNamesAScopeLabel_IsReported(string path, string old, string @new, string problem) =>
        Assert.Contains(StackContract.Problems(StackFiles.Shipped.Replace(path, old, @new)), p => p.Contains(problem, StringComparison.Ordinal));
}
