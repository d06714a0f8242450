using System.Globalization;
using System.Text.Json.Nodes;
using ProgressTelemetry.EndToEndTests.Contract;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.EndToEndTests.Tools;

/// <summary>A real Prometheus over the configuration in a folder; it can be killed and started again on its data.</summary>
internal sealed class PrometheusServer(TemporaryFolder folder, int port) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    private ChildProcess? _process;

    public async Task StartAsync()
    {
        _process = ChildProcess.Start(folder.Path, "prometheus",
            "--config.file=prometheus.yml",
            $"--storage.tsdb.path={Path.Combine(folder.Path, "prometheus-data")}",
            $"--web.listen-address=127.0.0.1:{port}",
            "--enable-feature=exemplar-storage,extra-scrape-metrics");
        await _process.ReadyAsync(new Uri($"http://127.0.0.1:{port}/-/ready"), StartLimit);
    }

    public async Task KillAsync()
    {
        await _process!.DisposeAsync();
        _process = null;
    }

    /// <summary>The answer to an instant query.</summary>
    public async Task<IReadOnlyList<Sample>> QueryAsync(string query)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("query", query)]);
        using var response = await _http.PostAsync(new Uri("/api/v1/query", UriKind.Relative), form);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync());
        return body?["status"].Text() == "success"
            ? [.. body["data"]!["result"].Items().Select(Of)]
            : throw new InvalidOperationException($"{query}: {body?["error"].Text()}");
    }

    /// <summary>Waits until a query's answer is as wanted.</summary>
    public Task<IReadOnlyList<Sample>> AnswersAsync(string query, Func<IReadOnlyList<Sample>, bool> isWanted, TimeSpan deadline) =>
        Eventually.GetAsync(query, () => QueryAsync(query), isWanted, deadline);

    /// <summary>The values of a label over all series of a selector, as a dashboard's variable asks for them.</summary>
    public async Task<IReadOnlyList<string>> LabelValuesAsync(string selector, string label)
    {
        var body = JsonNode.Parse(await _http.GetStringAsync(new Uri($"/api/v1/label/{label}/values?match[]={Uri.EscapeDataString(selector)}", UriKind.Relative)));
        return [.. body?["data"].Items().Select(v => v.Text()) ?? []];
    }

    /// <summary>The exemplars of the last hour over all series of a selector: each with the labels of its series.</summary>
    public async Task<IReadOnlyList<Exemplar>> ExemplarsAsync(string selector)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var query = $"/api/v1/query_exemplars?query={Uri.EscapeDataString(selector)}&start={now - 3600}&end={now + 1}";
        var body = JsonNode.Parse(await _http.GetStringAsync(new Uri(query, UriKind.Relative)));
        return
        [
            .. from series in body?["data"].Items() ?? []
               from exemplar in series["exemplars"].Items()
               select new Exemplar(Labels(exemplar["labels"]), double.Parse(exemplar["value"].Text(), CultureInfo.InvariantCulture)),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private static Sample Of(JsonNode series) => new(Labels(series["metric"]), double.Parse(series["value"]![1].Text(), CultureInfo.InvariantCulture));

    private static Dictionary<string, string> Labels(JsonNode? labels) => labels.Members().ToDictionary(l => l.Key, l => l.Value.Text(), StringComparer.Ordinal);
}
