using System.Text.Json.Nodes;
using ProgressTelemetry.EndToEndTests.Contract;
using ProgressTelemetry.EndToEndTests.Tools;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>
/// <c>prometheus/kubernetes</c> says the same as the shipped rules, routes and dashboards. <c>UPDATE_GOLDEN=1</c> writes what is
/// made from them anew.
/// </summary>
public sealed class KubernetesTests
{
    private const string Base = "prometheus/kubernetes/kustomization.yaml";
    private const string DashboardsBase = "grafana/dashboards/kustomization.yaml";

    public static TheoryData<string> RuleFiles => [.. StackFiles.Shipped.Rules.Select(f => f.Key)];

    public static TheoryData<string> MadeFiles => [.. KubernetesFiles.Of(StackFiles.Shipped).Select(f => f.Key)];

    [Theory]
    [MemberData(nameof(MadeFiles))]
    public void MadeFile_IsAsKept(string path)
    {
        var made = KubernetesFiles.Of(StackFiles.Shipped).Single(f => f.Key == path).Value;
        var file = Path.Combine(RealParts.RepositoryRoot, path);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, made);
        }

        Assert.Equal(made, File.ReadAllText(file));
    }

    [Theory]
    [InlineData("prometheus/rules/progress-alerts.yml", "for: 10m", "for: 20m")]
    [InlineData("prometheus/rules/progress-recording.yml", "interval: 5s", "interval: 6s")]
    [InlineData("prometheus/alertmanager.yml", "repeat_interval: 24h", "repeat_interval: 48h")]
    public void MadeFiles_OfChangedFiles_Differ(string path, string old, string @new) =>
        Assert.Single(KubernetesFiles.Of(StackFiles.Shipped.Replace(path, old, @new)).Except(KubernetesFiles.Of(StackFiles.Shipped)));

    [Theory]
    [MemberData(nameof(RuleFiles))]
    public void GroupsOfThePrometheusRule_AreTheShippedOnes(string path) =>
        Assert.True(JsonNode.DeepEquals(Yaml.Parse(StackFiles.Shipped[path])["groups"], Kept(path)["spec"]!["groups"]));

    [RealPartTheory("promtool")]
    [MemberData(nameof(RuleFiles))]
    public async Task Promtool_CheckRules_OfThePrometheusRule_Succeeds(string path)
    {
        using var folder = new TemporaryFolder();
        folder.Write("rules.yml", Kept(path)["spec"]!.ToJsonString());
        var run = await ProgramRun.OfAsync(folder.Path, "promtool", "check", "rules", "--lint=all", "--lint-fatal", "rules.yml");
        Assert.True(run.ExitCode == 0, run.Output);
    }

    [Fact]
    public void Kustomization_ListsAllFilesButExamples()
    {
        var folder = Path.Combine(RealParts.RepositoryRoot, "prometheus/kubernetes");
        var files = Directory.EnumerateFiles(folder, "*.yaml").Select(f => Path.GetFileName(f)!)
            .Where(f => f != "kustomization.yaml" && !f.EndsWith(".example.yaml", StringComparison.Ordinal));
        var listed = Yaml.Parse(StackFiles.Shipped[Base])["resources"].Items().Select(r => r.Text());
        Assert.Equal(files.Append("../../grafana/dashboards").Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ConfigMaps_AreEachDashboardAlone()
    {
        var kustomization = Yaml.Parse(StackFiles.Shipped[DashboardsBase]);
        var generated = kustomization["configMapGenerator"].Items().Select(m => (m["name"].Text() + ".json", m["files"].Items().Single().Text()));
        var dashboards = StackFiles.Shipped.Dashboards.Select(f => Path.GetFileName(f.Key)).Select(f => (f, f));
        Assert.Equal(dashboards.Order(), generated.Order());
        Assert.Equal("1", kustomization["generatorOptions"]!["labels"]!["grafana_dashboard"].Text());
    }

    private static JsonNode Kept(string rules) => Yaml.Parse(StackFiles.Shipped[$"prometheus/kubernetes/{Path.GetFileNameWithoutExtension(rules)}.yaml"]);
}
