using ProgressTelemetry.EndToEndTests.Contract;
using ProgressTelemetry.EndToEndTests.Tools;
using ProgressTelemetry.Signals;
using ProgressTelemetry.TestSupport;
using Xunit;

namespace ProgressTelemetry.EndToEndTests;

/// <summary>The demo's endpoint against the code's catalogue.</summary>
[Collection(RealServers.Name)]
public sealed class ScrapeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Scrape_OfTheDemo_HasEveryInstrumentUnderItsNameAndType()
    {
        using var folder = new TemporaryFolder();
        await using var demo = await DemoServer.StartAsync(folder, FreePort.Take(1)[0], "--speed", "20");

        await Eventually.GetAsync("missing families: none", async () => Missing(await demo.ScrapeAsync()), missing => missing.Count == 0, Limit);

        Assert.Contains("# TYPE workflow_run_renamed gauge", Missing(await demo.ScrapeAsync(), "workflow_run_renamed"));
    }

    /// <summary>The catalogue's families that the scrape lacks; with one more that nobody publishes, to see that it would be missed.</summary>
    private static List<string> Missing(string scrape, params IEnumerable<string> others)
    {
        var there = scrape.Split('\n').ToHashSet(StringComparer.Ordinal);

        // The participants of a run are told of where runs are stored, which the demo's are not.
        return [.. Vocabulary.Instruments.Where(i => i.Name != SignalNames.Runs.Participants).Select(i => $"# TYPE {i.ScrapedAs} {Type(i.Kind)}").Concat(others.Select(name => $"# TYPE {name} gauge")).Where(line => !there.Contains(line))];
    }

    private static string Type(InstrumentKind kind) => kind switch
    {
        InstrumentKind.Counter => "counter",
        InstrumentKind.Histogram => "histogram",
        _ => "gauge",
    };
}
