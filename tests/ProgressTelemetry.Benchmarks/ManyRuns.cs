using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using ProgressTelemetry.Benchmarks.Peers;

namespace ProgressTelemetry.Benchmarks;

/// <summary>What many active runs in one process keep in memory, and what a collection, a scrape and a task cost beside them. Kept bytes are no matter for BenchmarkDotNet, which counts allocated ones.</summary>
internal static class ManyRuns
{
    private const int Repetitions = 3;

    public static async Task PrintAsync()
    {
        int[] counts = [1, 1_000, 10_000, 100_000];
        var measured = counts.ToDictionary(count => count, _ => new List<Measured>());

        // Each number of runs comes up several times, so that what else the machine does meanwhile falls on all of them.
        for (var i = 0; i < Repetitions; i++)
        {
            foreach (var count in counts)
            {
                measured[count].Add(await MeasureAsync(count).ConfigureAwait(false));
            }
        }

        Console.WriteLine("| active runs | bytes a run with one stage | bytes a further stage | a tick | a collection | a scrape | CompleteTask() | to that at 1 |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        // The least, not the median: of some nanoseconds, what else the machine does is a large part.
        var alone = measured[1].Min(m => m.TaskNanoseconds);
        foreach (var count in counts)
        {
            var of = measured[count];
            var task = of.Min(m => m.TaskNanoseconds);
            var bytes = count == 1 ? "| |" : Invariant($"{Median(of.Select(m => m.Bytes)):N0} | {Median(of.Select(m => m.BytesOfStage)):N0} |");
            Console.WriteLine(Invariant($"| {count:N0} | {bytes} {Median(of.Select(m => m.TickMs)):N1} ms | {Median(of.Select(m => m.CollectionMs)):N1} ms | {Median(of.Select(m => m.ScrapeMs)):N1} ms | {task:N1} ns | {task / alone:N2} |"));
        }
    }

    private static double Median(IEnumerable<double> of) => of.Order().ElementAt(of.Count() / 2);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static async Task<Measured> MeasureAsync(int count)
    {
        var six = count == 1 ? 0 : BytesPerRun(count, stages: 6);
        var one = count == 1 ? 0 : BytesPerRun(count, stages: 1);
        var nothing = new NoExporter();
        using var provider = Sdk.CreateMeterProviderBuilder().AddProgressTracking().AddReader(new BaseExportingMetricReader(nothing)).Build();
        using var tracker = new ProgressTracker(new ProgressTrackingOptions { MinShownRunAge = TimeSpan.Zero });
        var runs = Start(tracker, count, stages: 1);
        var stage = tracker.StartWorkflow("benchmark", new WorkflowRunOptions { Milestones = Milestone.Quarters }).StartStage("stage", 1L << 50);
        var collection = await MillisecondsAsync(() => Task.FromResult(nothing.Collect!(Timeout.Infinite))).ConfigureAwait(false);
        var measured = new Measured(one, (six - one) / 5, TickMilliseconds(count), collection, await ScrapeMillisecondsAsync().ConfigureAwait(false), TaskNanoseconds(stage));
        GC.KeepAlive(runs);
        return measured;
    }

    private static double BytesPerRun(int count, int stages)
    {
        // Time that stands: a tick under way would keep the runs of the measurement before.
        using var tracker = new ProgressTracker(timeProvider: new FakeTimeProvider());
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var runs = Start(tracker, count, stages);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(runs);
        return bytes / (double)count;
    }

    /// <summary>What the tracker's timer does once a second, of runs that have been going on for a minute.</summary>
    private static double TickMilliseconds(int count)
    {
        var clock = new FakeTimeProvider();
        using var tracker = new ProgressTracker(timeProvider: clock);
        var runs = Start(tracker, count, stages: 1);
        var times = new List<double>();
        for (var second = 0; second < 70; second++)
        {
            var start = Stopwatch.GetTimestamp();
            clock.Advance(TimeSpan.FromSeconds(1));
            if (second >= 60)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        GC.KeepAlive(runs);
        return times.Average();
    }

    private static WorkflowRun[] Start(ProgressTracker tracker, int count, int stages)
    {
        var runs = new WorkflowRun[count];
        for (var i = 0; i < count; i++)
        {
            runs[i] = tracker.StartWorkflow("many");
            for (var stage = 0; stage < stages; stage++)
            {
                runs[i].StartStage($"stage {stage}", 1000).CompleteTask();
            }
        }

        return runs;
    }

    private static async Task<double> ScrapeMillisecondsAsync()
    {
        var endpoint = PeerEndpoint.Official(metrics => metrics.AddProgressTracking());
        await using (endpoint.ConfigureAwait(false))
        {
            return await MillisecondsAsync(() => endpoint.ScrapeAsync(ScrapeFormat.OpenMetrics, Stream.Null)).ConfigureAwait(false);
        }
    }

    private static async Task<double> MillisecondsAsync(Func<Task> what)
    {
        var times = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await what().ConfigureAwait(false);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return Median(times);
    }

    private static double TaskNanoseconds(WorkflowStage stage)
    {
        const int Tasks = 2_000_000;
        var times = new List<double>();
        for (var i = 0; i < 30; i++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var task = 0; task < Tasks; task++)
            {
                stage.CompleteTask();
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / Tasks);
        }

        return times.Min();
    }

    private sealed record Measured(double Bytes, double BytesOfStage, double TickMs, double CollectionMs, double ScrapeMs, double TaskNanoseconds);
}
