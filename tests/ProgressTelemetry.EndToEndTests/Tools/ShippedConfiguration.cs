using ProgressTelemetry.EndToEndTests.Contract;

namespace ProgressTelemetry.EndToEndTests.Tools;

/// <summary>
/// The shipped files, changed only in addresses and in how long things take: every substitution is here, and each has to
/// find its text, so that a file that changed cannot silently run unchanged.
/// </summary>
internal static class ShippedConfiguration
{
    public static StackFiles Of(IReadOnlyList<int> demoPorts, int alertmanagerPort, int webhookPort) => StackFiles.Shipped
        .Replace("prometheus.yml", "\"127.0.0.1:5080\"", string.Join(", ", demoPorts.Select(port => $"\"127.0.0.1:{port}\"")))
        .Replace("prometheus.yml", "127.0.0.1:9093", $"127.0.0.1:{alertmanagerPort}")
        .Replace("prometheus.yml", "scrape_interval: 5s", "scrape_interval: 1s")
        .Replace("prometheus.yml", "evaluation_interval: 15s", "evaluation_interval: 1s")
        .Replace("prometheus/rules/progress-recording.yml", "interval: 5s", "interval: 1s")
        .Replace("prometheus/rules/progress-alerts.yml", "for: 1m", "for: 2s")
        // Longer than the 5 s after which a starting Prometheus first looks at its targets.
        .Replace("prometheus/rules/progress-alerts.yml", "for: 5m", "for: 12s")
        .Replace("prometheus/alertmanager.yml", "http://127.0.0.1:9095", $"http://127.0.0.1:{webhookPort}")
        .Replace("prometheus/alertmanager.yml", "group_wait: 30s", "group_wait: 1s")
        .Replace("prometheus/alertmanager.yml", "group_wait: 10s", "group_wait: 1s")
        .Replace("prometheus/alertmanager.yml", "group_interval: 5m", "group_interval: 2s")
        .Replace("prometheus/alertmanager.yml", "group_interval: 1m", "group_interval: 2s");

    public static void WriteTo(this StackFiles files, TemporaryFolder folder)
    {
        foreach (var file in files.Texts.Where(f => f.Key.EndsWith(".yml", StringComparison.Ordinal)))
        {
            folder.Write(file.Key, file.Value);
        }
    }
}
