using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;

namespace ProgressTelemetry.Benchmarks;

/// <summary>What one run of very many identified tasks, or of very many stages, keeps in memory and costs.</summary>
internal static class LargeRuns
{
    private const int Tasks = 1_000_000;
    private const int Stages = 10_000;

    public static void Print()
    {
        Console.WriteLine();
        Console.WriteLine("| one run with | bytes each | to start and end each | a status of all | a tick |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        Measure("1,000,000 identified tasks", Tasks, (run, ids) =>
        {
            var stage = run.StartStage("stage", ids.Length);
            foreach (var id in ids)
            {
                stage.UpdateTask(id, WorkflowTaskState.Running);
                stage.UpdateTask(id, WorkflowTaskState.Completed);
            }
        });
        Measure("10,000 stages", Stages, static (run, names) =>
        {
            foreach (var name in names)
            {
                var stage = run.StartStage(name, 1);
                stage.CompleteTask();
                stage.Complete();
            }
        });
    }

    private static void Measure(string what, int count, Action<WorkflowRun, string[]> work)
    {
        var clock = new FakeTimeProvider();
        using var tracker = new ProgressTracker(timeProvider: clock);

        // The names are the work's own, and not counted.
        var names = Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();
        var run = tracker.StartWorkflow("large");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var each = Milliseconds(() => work(run, names)) / count;
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;
        var status = Enumerable.Range(0, 10).Min(_ => Milliseconds(() => run.GetStatus()));
        var tick = Enumerable.Range(0, 10).Min(_ => Milliseconds(() => clock.Advance(TimeSpan.FromSeconds(1))));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {bytes:N0} | {each * 1_000_000:N0} ns | {status:N2} ms | {tick:N2} ms |"));
        GC.KeepAlive(names);
    }

    private static double Milliseconds(Action what)
    {
        var start = Stopwatch.GetTimestamp();
        what();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
