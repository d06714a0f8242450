using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Benchmarks;

/// <summary>What active runs keep in memory, and what a collection costs beside them: kept bytes are no matter for BenchmarkDotNet, which counts allocated ones.</summary>
internal static class ManyRuns
{
    public static void Print()
    {
        Console.WriteLine("| active runs | bytes a run with one stage | bytes a further stage | a collection |");
        Console.WriteLine("| --- | --- | --- | --- |");
        foreach (var count in (int[])[1_000, 10_000, 100_000])
        {
            var one = BytesPerRun(count, stages: 1, out var collection);
            var six = BytesPerRun(count, stages: 6, out _);
            Console.WriteLine($"| {count:N0} | {one:N0} | {(six - one) / 5:N0} | {collection.TotalMilliseconds:N1} ms |");
        }
    }

    private static long BytesPerRun(int count, int stages, out TimeSpan collection)
    {
        var exporter = new NoExporter();
        using var provider = Sdk.CreateMeterProviderBuilder().AddProgressTracking().AddReader(new BaseExportingMetricReader(exporter)).Build();
        using var tracker = new ProgressTracker();
        var runs = new WorkflowRun[count];
        GC.WaitForPendingFinalizers();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < count; i++)
        {
            runs[i] = tracker.StartWorkflow("many");
            for (var stage = 0; stage < stages; stage++)
            {
                runs[i].StartStage($"stage {stage}", 1000).CompleteTask();
            }
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
        exporter.Collect!(-1);
        var times = new List<TimeSpan>();
        for (var i = 0; i < 9; i++)
        {
            var start = Stopwatch.GetTimestamp();
            exporter.Collect!(-1);
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        collection = times.Order().ElementAt(times.Count / 2);
        GC.KeepAlive(runs);
        return bytes;
    }

    [ExportModes(ExportModes.Pull)]
    private sealed class NoExporter : BaseExporter<Metric>, IPullMetricExporter
    {
        public Func<int, bool>? Collect { get; set; }

        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
