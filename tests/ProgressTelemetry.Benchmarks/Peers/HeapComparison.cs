using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Benchmarks.Peers;

/// <summary>What stays on the heap after runs were shown, ended, and went. prometheus-net has no tracker to show.</summary>
internal static class HeapComparison
{
    private const int RunsAtOnce = 100;
    private static readonly int[] Moments = [0, 20_000, 40_000, 80_000];
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<string>> MeasureAsync()
    {
        var alone = await AloneAsync().ConfigureAwait(false);
        var ours = await ScrapedAsync(PeerEndpoint.Ours(metrics => metrics.AddProgressTracking())).ConfigureAwait(false);
        var official = await ScrapedAsync(PeerEndpoint.Official(metrics => metrics.AddProgressTracking())).ConfigureAwait(false);
        return
        [
            .. Moments.Select((runs, i) => PeerTable.Row(
                runs == 0 ? "heap before the first run" : FormattableString.Invariant($"heap after {runs:N0} runs came and went"),
                PeerTable.Cell(alone[i]), PeerTable.Cell(ours[i]), PeerTable.Cell(official[i]), PeerTable.Absent, PeerTable.Ratio(ours[i] / official[i]), PeerTable.Absent)),
        ];
    }

    private static async Task<double[]> AloneAsync()
    {
        var nothing = new NoExporter();
        using var provider = Sdk.CreateMeterProviderBuilder().AddProgressTracking().AddReader(new BaseExportingMetricReader(nothing)).Build();
        return await MeasureAsync(_ =>
        {
            nothing.Collect!(Timeout.Infinite);
            return Task.CompletedTask;
        }).ConfigureAwait(false);
    }

    private static async Task<double[]> ScrapedAsync(PeerEndpoint endpoint)
    {
        await using (endpoint.ConfigureAwait(false))
        {
            using var check = new MemoryStream();
            var heap = await MeasureAsync(body => endpoint.ScrapeAsync(ScrapeFormat.Text, body), check).ConfigureAwait(false);
            return check.GetBuffer().AsSpan(0, (int)check.Length).Count("workflow_run_state{"u8) == RunsAtOnce
                ? heap
                : throw new InvalidOperationException("The runs were not shown, so that there was nothing to keep.");
        }
    }

    private static double Heap()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true) / 1e6;
    }

    /// <summary>The heap in megabytes at each moment. The first scrape with runs goes to <paramref name="check"/>.</summary>
    private static async Task<double[]> MeasureAsync(Func<Stream, Task> scrapeAsync, Stream? check = null)
    {
        var time = new FakeTimeProvider();
        using var tracker = new ProgressTracker(new ProgressTrackingOptions { MinShownRunAge = TimeSpan.Zero, EndedRunRetention = Retention }, time);
        var heap = new List<double>();
        await scrapeAsync(Stream.Null).ConfigureAwait(false);
        for (var runs = 0; ; runs += RunsAtOnce)
        {
            if (Moments.Contains(runs))
            {
                heap.Add(Heap());
                if (heap.Count == Moments.Length)
                {
                    return [.. heap];
                }
            }

            var live = Enumerable.Range(0, RunsAtOnce).Select(_ => tracker.StartWorkflow("benchmark")).ToList();
            live.ForEach(run => run.StartStage("stage", 10).CompleteTasks(5));
            time.Advance(Shown);
            await scrapeAsync(runs == 0 && check is not null ? check : Stream.Null).ConfigureAwait(false);
            live.ForEach(run => run.Complete());
            time.Advance(Shown);
            await scrapeAsync(Stream.Null).ConfigureAwait(false);
            time.Advance(Retention);
            await scrapeAsync(Stream.Null).ConfigureAwait(false);
        }
    }
}
