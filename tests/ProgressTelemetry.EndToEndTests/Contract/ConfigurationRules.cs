using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ProgressTelemetry.EndToEndTests.Contract;

/// <summary>What has to hold within and between docker-compose.yml, Prometheus's, Alertmanager's and Grafana's configuration.</summary>
internal static partial class ConfigurationRules
{
    private const string Compose = "docker-compose.yml";
    private const string Alertmanager = "prometheus/alertmanager.yml";

    private static readonly string[] ServiceKeys =
    [
        "build", "image", "restart", "environment", "ports", "read_only", "tmpfs", "cap_drop", "security_opt", "healthcheck", "command",
        "volumes", "depends_on", "network_mode", "user",
    ];

    public static IEnumerable<string> Problems(StackFiles files) =>
        ComposeFile(files).Concat(Images(files)).Concat(Scrapes(files)).Concat(Routes(files)).Concat(Provisioning(files));

    private static IEnumerable<string> ComposeFile(StackFiles files)
    {
        var root = Yaml.Parse(files[Compose]);
        var volumes = root["volumes"].Members().Select(v => v.Key).ToHashSet(StringComparer.Ordinal);
        var services = root["services"].Members().ToList();
        foreach (var (name, service) in services)
        {
            foreach (var key in service.Members().Select(m => m.Key).Where(k => !ServiceKeys.Contains(k, StringComparer.Ordinal)))
            {
                yield return $"{Compose}: service {name} has the unknown key '{key}'";
            }

            if (!Pinned().IsMatch(service!["image"].Text()))
            {
                yield return $"{Compose}: service {name} has an image without a full version";
            }

            if (service["healthcheck"]?["test"].Items().FirstOrDefault().Text() is not "CMD")
            {
                yield return $"{Compose}: service {name} has no health check";
            }

            foreach (var port in service["ports"].Items().Select(p => p.Text()).Where(p => !p.StartsWith("127.0.0.1:", StringComparison.Ordinal)))
            {
                yield return $"{Compose}: service {name} publishes {port} beyond loopback";
            }

            foreach (var volume in service["volumes"].Items().Select(v => v.Text().Split(':')))
            {
                var path = volume[0].StartsWith("./", StringComparison.Ordinal) ? volume[0][2..] : null;
                if (path is null ? !volumes.Contains(volume[0]) : !files.Texts.Keys.Any(f => f == path || f.StartsWith(path + "/", StringComparison.Ordinal)))
                {
                    yield return $"{Compose}: service {name} mounts {volume[0]}, which is not there";
                }

                if (path is not null && volume is not [_, _, "ro"])
                {
                    yield return $"{Compose}: service {name} can write to {volume[0]}";
                }
            }

            foreach (var other in service["depends_on"].Members().Select(d => d.Key).Where(d => !services.Exists(s => s.Key == d)))
            {
                yield return $"{Compose}: service {name} waits for {other}, which is not there";
            }
        }

        var grafana = root["services"]?["grafana"]?["environment"];
        if (grafana?["GF_AUTH_ANONYMOUS_ENABLED"].Text() != "true" || grafana["GF_AUTH_ANONYMOUS_ORG_ROLE"].Text() != "Viewer")
        {
            yield return $"{Compose}: Grafana is not open to an anonymous viewer";
        }
    }

    private static IEnumerable<string> Images(StackFiles files)
    {
        var stages = files["Dockerfile"].Split('\n').Where(l => l.StartsWith("FROM ", StringComparison.Ordinal)).ToList();
        if (stages.Count < 2 || stages.Exists(s => !Pinned().IsMatch(s.Split(' ')[1])))
        {
            yield return "Dockerfile: needs two stages on images with a full version";
        }

        if (!files["Dockerfile"][files["Dockerfile"].LastIndexOf("FROM ", StringComparison.Ordinal)..].Contains("\nUSER ", StringComparison.Ordinal))
        {
            yield return "Dockerfile: runs as root";
        }
    }

    private static IEnumerable<string> Scrapes(StackFiles files)
    {
        var own = Yaml.Parse(files["prometheus.yml"]);
        var inCompose = Yaml.Parse(files["prometheus/prometheus.compose.yml"]
            .Replace("demo:5080", "127.0.0.1:5080", StringComparison.Ordinal)
            .Replace("alertmanager:9093", "127.0.0.1:9093", StringComparison.Ordinal));
        if (!JsonNode.DeepEquals(own, inCompose))
        {
            yield return "prometheus/prometheus.compose.yml differs from prometheus.yml in more than its addresses";
        }

        if (own["storage"]?["exemplars"]?["max_exemplars"] is null || !files[Compose].Contains("--enable-feature=exemplar-storage", StringComparison.Ordinal))
        {
            yield return "prometheus.yml: exemplars are not stored";
        }
    }

    private static IEnumerable<string> Routes(StackFiles files)
    {
        var root = Yaml.Parse(files[Alertmanager]);
        var receivers = root["receivers"].Items().ToDictionary(r => r["name"].Text(), StringComparer.Ordinal);
        var routes = root["route"]?["routes"].Items().Prepend(root["route"]!).ToList() ?? [];
        foreach (var route in routes.Where(r => !receivers.ContainsKey(r["receiver"].Text())))
        {
            yield return $"{Alertmanager}: there is no receiver '{route["receiver"].Text()}'";
        }

        var milestone = routes.Find(r => r["matchers"].Items().Any(m => m.Text().Contains("ProgressMilestoneReached", StringComparison.Ordinal)));
        if (milestone?["group_by"].Items().Select(g => g.Text()).SequenceEqual(["..."], StringComparer.Ordinal) != true || milestone["group_wait"].Text() != "0s"
            || !milestone["repeat_interval"].Text().EndsWith('h')
            || receivers[milestone["receiver"].Text()]["webhook_configs"].Items().Any(w => w["send_resolved"].Text() != "false"))
        {
            yield return $"{Alertmanager}: a milestone must be told once: alone, at once, never resolved, not repeated within its ten minutes";
        }

        var known = files.Rules.SelectMany(f => RuleFile.Parse(f.Value)).Where(r => r.IsAlert).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in AlertName().Matches(files[Alertmanager]).Select(m => m.Value).Where(n => !known.Contains(n)))
        {
            yield return $"{Alertmanager}: there is no alert '{name}'";
        }

        var notifications = Yaml.Parse(files[Compose])["services"]?["notifications"]?["command"].Strings().LastOrDefault() ?? "";
        foreach (var url in receivers.Values.SelectMany(r => r["webhook_configs"].Items()).Select(w => new Uri(w["url"].Text())))
        {
            if (!notifications.Contains($"(\"{url.Host}\", {url.Port})", StringComparison.Ordinal))
            {
                yield return $"{Compose}: nobody listens at {url}, where Alertmanager sends";
            }
        }
    }

    private static IEnumerable<string> Provisioning(StackFiles files)
    {
        var services = Yaml.Parse(files[Compose])["services"].Members().Select(s => s.Key).ToHashSet(StringComparer.Ordinal);
        var sources = Yaml.Parse(files["grafana/provisioning/datasources/progress.yml"])["datasources"].Items().ToList();
        foreach (var source in sources)
        {
            var url = new Uri(source["url"].Text());
            if (!services.Contains(url.Host))
            {
                yield return $"data source {source["name"].Text()} is at {url.Host}, which is no service";
            }

            foreach (var uid in source["jsonData"]?["exemplarTraceIdDestinations"].Items().Select(d => d["datasourceUid"].Text()) ?? [])
            {
                if (!sources.Exists(s => s["uid"].Text() == uid))
                {
                    yield return $"exemplars lead to the data source '{uid}', which is not provisioned";
                }
            }
        }

        if (sources.Count(s => s["isDefault"].Text() == "true") != 1 || !sources.Exists(s => s["jsonData"]?["exemplarTraceIdDestinations"] is not null))
        {
            yield return "one data source must be the default, and exemplars must lead to traces";
        }

        var path = Yaml.Parse(files["grafana/provisioning/dashboards/progress.yml"])["providers"].Items().Single()["options"]?["path"].Text();
        if (!files[Compose].Contains($"./grafana/dashboards:{path}:ro", StringComparison.Ordinal))
        {
            yield return $"{Compose}: the dashboards are not mounted where they are provisioned from ({path})";
        }
    }

    [GeneratedRegex(@"^[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pinned();

    [GeneratedRegex(@"\bProgress[A-Z]\w+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AlertName();
}
