using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ProgressTelemetry.EndToEndTests.Contract;
using ProgressTelemetry.EndToEndTests.Tools;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>The files in the guide to OTLP hold together, as far as that can be seen without a Collector.</summary>
public sealed partial class CollectorGuideTests
{
    private const string Guide = "docs/guides/opentelemetry-protocol.md";

    [Fact]
    public void Problems_OfTheGuidesCollector_AreNone() => Assert.Empty(Problems(StackFiles.Shipped[Guide]));

    [Theory]
    [InlineData("exporters: [prometheusremotewrite]", "exporters: [prometheus]", "pipeline metrics names exporters/prometheus, which is not there")]
    [InlineData("  deltatocumulative:\n", "  deltatocumulativ:\n", "pipeline metrics names processors/deltatocumulative, which is not there")]
    [InlineData("processors: [memory_limiter, batch]", "processors: [batch]", "pipeline traces does not limit its memory first")]
    [InlineData("      exporters: [otlp/traces]", "      exporters: [prometheusremotewrite]", "exporters/otlp/traces is in no pipeline")]
    [InlineData("max_stale: 24h", "max_stale: 5m", "counters that rest start again within the rules' longest window")]
    public void BrokenCollector_IsReported(string old, string @new, string problem)
    {
        var broken = StackFiles.Shipped.Replace(Guide, old, @new);
        Assert.Contains(problem, Problems(broken[Guide]));
    }

    [RealPartFact("promtool")]
    public async Task Promtool_CheckConfig_OfTheGuidesPrometheus_Succeeds()
    {
        var fragments = Files(StackFiles.Shipped[Guide], "prometheus.yml").ToList();
        Assert.Equal(2, fragments.Count);
        foreach (var fragment in fragments)
        {
            using var folder = new TemporaryFolder();
            folder.Write("prometheus.yml", fragment);
            var run = await ProgramRun.OfAsync(folder.Path, "promtool", "check", "config", "--syntax-only", "prometheus.yml");
            Assert.True(run.ExitCode == 0, run.Output);
        }
    }

    private static IEnumerable<string> Problems(string guide)
    {
        var collector = Yaml.Parse(Files(guide, "collector.yml").Single());
        string[] kinds = ["receivers", "processors", "exporters"];
        var defined = kinds.SelectMany(kind => collector[kind].Members().Select(part => $"{kind}/{part.Key}")).ToHashSet(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, pipeline) in collector["service"]!["pipelines"].Members())
        {
            foreach (var part in kinds.SelectMany(kind => pipeline![kind].Items().Select(i => $"{kind}/{i.Text()}")))
            {
                used.Add(part);
                if (!defined.Contains(part))
                {
                    yield return $"pipeline {name} names {part}, which is not there";
                }
            }

            if (pipeline!["processors"].Items().FirstOrDefault().Text() != "memory_limiter")
            {
                yield return $"pipeline {name} does not limit its memory first";
            }
        }

        foreach (var part in defined.Where(part => !used.Contains(part)))
        {
            yield return $"{part} is in no pipeline";
        }

        // The rules look back a day (workflow:tasks:rate1d).
        if (collector["processors"]!["deltatocumulative"] is JsonObject converter && !(Hours().Match(converter["max_stale"].Text()) is { Success: true } hours && int.Parse(hours.Value, CultureInfo.InvariantCulture) >= 24))
        {
            yield return "counters that rest start again within the rules' longest window";
        }
    }

    private static IEnumerable<string> Files(string guide, string name) =>
        Fence().Matches(guide).Where(m => m.Groups["name"].Value == name).Select(m => m.Groups["text"].Value);

    [GeneratedRegex("^[0-9]+(?=h$)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hours();

    [GeneratedRegex("```yaml\n# (?<name>\\S+)\n(?<text>.*?)```", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fence();
}
