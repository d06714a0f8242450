using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

/// <summary>A real Prometheus on a free loopback port, scraping the given addresses every second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly StringBuilder _errors = new();
    private readonly HttpClient _client;

    private PrometheusServer(Process process, DirectoryInfo folder, int port)
    {
        _process = process;
        _folder = folder;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    public static async Task<PrometheusServer> StartAsync(IEnumerable<Uri> targets, params string[] features)
    {
        var folder = Directory.CreateTempSubdirectory("scrape-test");
        var config = new StringBuilder("global: { scrape_interval: 1s, scrape_timeout: 1s }\nscrape_configs:\n");
        foreach (var (target, i) in targets.Select((target, i) => (target, i)))
        {
            config.Append(CultureInfo.InvariantCulture, $"- job_name: 'job{i}'\n  metrics_path: '{target.AbsolutePath}'\n  static_configs: [{{ targets: ['{target.Authority}'] }}]\n");
        }

        var configFile = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(configFile, config.ToString());
        var port = FreePort();
        var start = new ProcessStartInfo(RealParts.FindProgram("prometheus") ?? "prometheus") { RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in new[] { "--config.file=" + configFile, "--storage.tsdb.path=" + Path.Combine(folder.FullName, "data"), $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn" })
        {
            start.ArgumentList.Add(argument);
        }

        if (features.Length > 0)
        {
            start.ArgumentList.Add("--enable-feature=" + string.Join(',', features));
        }

        return new PrometheusServer(Process.Start(start)!, folder, port);
    }

    /// <summary>The value of a query once it has one that satisfies the condition.</summary>
    public async Task<double> QueryAsync(string query, Func<double, bool>? until = null)
    {
        double? value = null;
        await UntilAsync(query, async () =>
        {
            var result = (await GetAsync("/api/v1/query?query=" + Uri.EscapeDataString(query))).GetProperty("result");
            value = result.GetArrayLength() == 0 ? null : double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
            return value is { } found && (until is null || until(found));
        });
        return value!.Value;
    }

    /// <summary>The exemplars of a query, once there are some.</summary>
    public async Task<JsonElement> QueryExemplarsAsync(string query)
    {
        JsonElement data = default;
        await UntilAsync(query, async () =>
        {
            data = await GetAsync($"/api/v1/query_exemplars?query={Uri.EscapeDataString(query)}&start=0&end=4000000000");
            return data.GetArrayLength() > 0;
        });
        return data;
    }

    /// <summary>Each target's last error, by its path, once all have been scraped. A scrape that took too long, as it may on a busy machine, says nothing: the next one does.</summary>
    public async Task<Dictionary<string, string>> TargetErrorsAsync()
    {
        Dictionary<string, string> errors = [];
        await UntilAsync("targets", async () =>
        {
            var targets = (await GetAsync("/api/v1/targets")).GetProperty("activeTargets").EnumerateArray().ToArray();
            foreach (var target in targets)
            {
                var error = target.GetProperty("lastError").GetString()!;
                if (target.GetProperty("health").GetString() != "unknown" && !error.EndsWith("context deadline exceeded", StringComparison.Ordinal))
                {
                    errors[new Uri(target.GetProperty("scrapeUrl").GetString()!).AbsolutePath] = error;
                }
            }

            return targets.Length > 0 && errors.Count == targets.Length;
        });
        return errors;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("data").Clone();
    }

    /// <summary>Another program's state can only be asked for again and again.</summary>
    private async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Eventually.Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (!await AnswersAsync(condition))
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException exception)
        {
            lock (_errors)
            {
                throw new TimeoutException($"Prometheus did not answer '{what}' as expected within {Eventually.Limit}. It said:\n{_errors}", exception);
            }
        }
    }

    private async Task<bool> AnswersAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (HttpRequestException) when (!_process.HasExited)
        {
            return false;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException && !_process.HasExited)
        {
            return false;
        }
    }
}
