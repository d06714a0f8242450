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

    [Fact]
    public async Task Catalog_UnreadableFileInAWorker_NamesItDoesTheRestAndReturns1()
    {
        _folder.Write("in/good.txt", "good");
        File.CreateSymbolicLink(_folder.PathTo("in", "dangling"), "nowhere");
        var (code, output, error) = await DemoProcess.RunAsync("catalog", _folder.PathTo("in"), "-o", _folder.PathTo("c.csv"), "--store", _folder.PathTo("runs.db"), "--workers", "2");

        Assert.Equal(1, code);
        Assert.Contains("1 files, 4 bytes", output, StringComparison.Ordinal);
        Assert.Contains("1 could not be read:\n  dangling: ", error, StringComparison.Ordinal);
        Assert.Equal(2, (await File.ReadAllLinesAsync(_folder.PathTo("c.csv"))).Length);
    }

    [Fact]
    public async Task Catalog_AllOfWhoseProcessesAreKilled_GoesOnWhereItWas()
    {
        for (var i = 0; i < Files; i++)
        {
            _folder.Write($"in/{i % 7}/file {i}.txt", $"line {i}\nand another\n");
        }

        var store = _folder.PathTo("runs.db");
        string[] arguments = ["catalog", _folder.PathTo("in"), "-o", _folder.PathTo("in", "shared.csv"), "--store", store, "--workers", "4"];
        using (var killed = DemoProcess.Start(arguments))
        {
            await killed.LineAsync("^catalog: [3-9]0 %");
            await killed.KillAsync();
        }

        using var demo = DemoProcess.Start(arguments);
        var before = await demo.LineAsync("^going on with run ([0-9a-f]{32}), .*: ([0-9]+) files are done$");
        Assert.InRange(int.Parse(before.Groups[2].Value, CultureInfo.InvariantCulture), 1, Files - 1);
        var (code, output, error) = await demo.EndAsync();
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"{Files} files", output, StringComparison.Ordinal);
        await DemoProcess.RunAsync("catalog", _folder.PathTo("in"), "-o", _folder.PathTo("alone.csv"), "--exclude", "none");
        var (alone, shared) = (await File.ReadAllLinesAsync(_folder.PathTo("alone.csv")), await File.ReadAllLinesAsync(_folder.PathTo("in", "shared.csv")));
        Assert.Equal(alone.Where(line => !line.StartsWith("shared.csv,", StringComparison.Ordinal)), shared);
        Assert.Equal(["shared.csv"], new DirectoryInfo(_folder.PathTo("in")).EnumerateFiles().Select(file => file.Name));

        // One run, of that id, with its start: those who were killed and those who came.
        using var page = DemoProcess.Start("page", "--store", store, "--urls", "http://127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = await page.AddressAsync() };
        using var runs = await EndedAsync(http);
        var run = runs.RootElement.GetProperty("runs")[0];
        Assert.Equal((before.Groups[1].Value, "success", 1), (run.GetProperty("runId").GetString(), run.GetProperty("result").GetString(), run.GetProperty("completionRatio").GetDouble()));
        Assert.Equal(10, run.GetProperty("participants").GetArrayLength());

        // A file that was done and not yet told of, or being done, counts as it fell out: within what a second does.
        var written = run.GetProperty("stages").EnumerateArray().Single(stage => stage.GetProperty("name").GetString() == "write");
        Assert.Equal(Files, written.GetProperty("completedTasks").GetInt32());
        await page.StopAsync();
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
