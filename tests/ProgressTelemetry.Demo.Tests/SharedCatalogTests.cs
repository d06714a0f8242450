using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Xunit;

namespace ProgressTelemetry.Demo.Tests;

/// <summary>Four processes share one run, one of them is killed, and a page of its own shows it.</summary>
public sealed class SharedCatalogTests : IDisposable
{
    private const int Files = 1500;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Catalog_OfFourWorkersOneOfWhichIsKilled_IsThatOfOneProcess()
    {
        for (var i = 0; i < Files; i++)
        {
            _folder.Write($"in/{i % 7}/file {i}.txt", $"line {i}\nand another\n");
        }

        var store = _folder.PathTo("runs.db");
        using var page = DemoProcess.Start("page", "--store", store, "--urls", "http://127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = await page.AddressAsync() };
        using var demo = DemoProcess.Start("catalog", _folder.PathTo("in"), "-o", _folder.PathTo("shared.csv"), "--store", store, "--workers", "4");
        var worker = await demo.LineAsync("^worker 2: process ([0-9]+)$");
        await demo.LineAsync("^catalog: [3-9]0 %");
        using (var killed = Process.GetProcessById(int.Parse(worker.Groups[1].Value, CultureInfo.InvariantCulture)))
        {
            killed.Kill();
        }

        var (code, output, error) = await demo.EndAsync();

        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"{Files} files", output, StringComparison.Ordinal);
        await DemoProcess.RunAsync("catalog", _folder.PathTo("in"), "-o", _folder.PathTo("alone.csv"));
        Assert.Equal(await File.ReadAllTextAsync(_folder.PathTo("alone.csv")), await File.ReadAllTextAsync(_folder.PathTo("shared.csv")));

        using var runs = await EndedAsync(http);
        var run = runs.RootElement.GetProperty("runs")[0];
        Assert.Equal(("success", 1), (run.GetProperty("result").GetString(), run.GetProperty("completionRatio").GetDouble()));
        Assert.InRange(run.GetProperty("participants").GetArrayLength(), 5, 6);

        // The store's place is nobody's to see.
        Assert.DoesNotContain(store, await http.GetStringAsync("/metrics") + await http.GetStringAsync("/progress") + runs.RootElement.GetRawText(), StringComparison.Ordinal);
        (code, _, error) = await page.StopAsync();
        Assert.Equal((0, ""), (code, error));
    }

    private static async Task<JsonDocument> EndedAsync(HttpClient http)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var runs = JsonDocument.Parse(await http.GetStringAsync("/progress/runs?state=succeeded", limit.Token));
            if (runs.RootElement.GetProperty("total").GetInt32() == 1)
            {
                return runs;
            }

            runs.Dispose();
            await Task.Delay(100, limit.Token);
        }
    }
}
