using ProgressTelemetry.EndToEndTests.Contract;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>docker-compose.yml, provisioning, scraping and routing fit together; and the checks would notice if they did not.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public void Problems_OfTheShippedConfiguration_AreNone() => Assert.Empty(ConfigurationRules.Problems(StackFiles.Shipped));

    [Theory]
    [InlineData("docker-compose.yml", "prom/prometheus:v3.5.0", "prom/prometheus:latest", "service prometheus has an image without a full version")]
    [InlineData("docker-compose.yml", "127.0.0.1:3000:3000", "3000:3000", "service grafana publishes 3000:3000 beyond loopback")]
    [InlineData("docker-compose.yml", "./prometheus/rules:", "./prometheus/rulez:", "mounts ./prometheus/rulez, which is not there")]
    [InlineData("docker-compose.yml", "prometheus-data:\n", "data:\n", "mounts prometheus-data, which is not there")]
    [InlineData("docker-compose.yml", "healthcheck:", "helthcheck:", "unknown key 'helthcheck'")]
    [InlineData("docker-compose.yml", "GF_AUTH_ANONYMOUS_ORG_ROLE: Viewer", "GF_AUTH_ANONYMOUS_ORG_ROLE: Admin", "not open to an anonymous viewer")]
    [InlineData("docker-compose.yml", "      jaeger: { condition", "      tempo: { condition", "waits for tempo, which is not there")]
    [InlineData("Dockerfile", "USER $APP_UID", "", "runs as root")]
    [InlineData("prometheus.yml", "scrape_interval: 5s", "scrape_interval: 6s", "differs from prometheus.yml")]
    [InlineData("prometheus/alertmanager.yml", "receiver: milestones", "receiver: chat", "there is no receiver 'chat'")]
    [InlineData("prometheus/alertmanager.yml", "group_by: [\"...\"]", "group_by: [alertname]", "a milestone must be told once")]
    [InlineData("prometheus/alertmanager.yml", "send_resolved: false", "send_resolved: true", "a milestone must be told once")]
    [InlineData("prometheus/alertmanager.yml", "\"ProgressRunStalled\"", "\"ProgressRunStuck\"", "there is no alert 'ProgressRunStuck'")]
    [InlineData("prometheus/alertmanager.yml", "127.0.0.1:9095/team", "127.0.0.1:9096/team", "nobody listens at http://127.0.0.1:9096/team")]
    [InlineData("grafana/provisioning/datasources/progress.yml", "datasourceUid: progress-traces", "datasourceUid: tempo", "exemplars lead to the data source 'tempo'")]
    [InlineData("grafana/provisioning/datasources/progress.yml", "http://jaeger:16686", "http://tempo:3200", "is at tempo, which is no service")]
    [InlineData("grafana/provisioning/dashboards/progress.yml", "dashboards/progress", "dashboards/other", "not mounted where they are provisioned from")]
    public void BrokenConfiguration_IsReported(string path, string old, string @new, string problem) =>
        Assert.Contains(ConfigurationRules.Problems(StackFiles.Shipped.Replace(path, old, @new)), p => p.Contains(problem, StringComparison.Ordinal));
}
