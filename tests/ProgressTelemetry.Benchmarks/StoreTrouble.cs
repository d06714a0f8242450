using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;

namespace ProgressTelemetry.Benchmarks;

/// <summary>What the tracked work takes longer when its runs are stored, in a store that is well and in one in trouble: turns with and without take turns, each long enough for the store to be called in it.</summary>
internal static class StoreTrouble
{
    private const int Pairs = 15, Runs = 100, TasksAtOnce = 1000;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1.5);
    private static readonly byte[] _work = new byte[1024];

    public static void Print(string? postgreSql)
    {
        Console.WriteLine("| store | 1,000 tasks, without | with | ratio | processor time of the process, without | with |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        var folder = Directory.CreateTempSubdirectory("progress-trouble-");
        var sqlite = new ServiceCollection().AddSqliteRunStore(Path.Combine(folder.FullName, "runs.db")).BuildServiceProvider();
        PrintRow("SQLite, well", sqlite.GetRequiredService<IRunStore>());
        if (postgreSql is not null)
        {
            PrintRow("PostgreSQL, well", new ServiceCollection().AddPostgreSqlRunStore(postgreSql).BuildServiceProvider().GetRequiredService<IRunStore>());
        }

        PrintRow("takes 2 s a call", new TroubledStore(token => Task.Delay(TimeSpan.FromSeconds(2), token)));
        PrintRow("never answers", new TroubledStore(token => Task.Delay(Timeout.Infinite, token)));
        PrintRow("gone: each call fails", new TroubledStore(_ => throw new IOException("gone")));
        PrintRow("full or read-only: what is put fails", new TroubledStore(_ => throw new IOException("full"), isReadable: true));
        folder.Delete(recursive: true);
    }

    private static void PrintRow(string name, IRunStore store)
    {
        Measure(null);
        Measure(store);
        var (without, with) = (new List<(double Task, double Cpu)>(), new List<(double Task, double Cpu)>());
        for (var i = 0; i < Pairs; i++)
        {
            without.Add(Measure(null));
            with.Add(Measure(store));
        }

        var (a, b) = (Median.Of(without.ConvertAll(turn => turn.Task)), Median.Of(with.ConvertAll(turn => turn.Task)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {a:N3} ms | {b:N3} ms | {b / a:N3} | {Median.Of(without.ConvertAll(turn => turn.Cpu)):P1} | {Median.Of(with.ConvertAll(turn => turn.Cpu)):P1} |"));
    }

    // The median of what 1,000 tasks of some microseconds each took, and how much of one core the process took.
    private static (double Milliseconds, double Cpu) Measure(IRunStore? store)
    {
        using var tracker = new ProgressTracker(store: store);
        var stages = Enumerable.Range(0, Runs).Select(_ => tracker.StartWorkflow("import", new WorkflowRunOptions { Milestones = Milestone.Quarters }).StartStage("load", 1L << 40)).ToList();
        var took = new List<double>();
        var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        while (Stopwatch.GetElapsedTime(start) < Turn)
        {
            var at = Stopwatch.GetTimestamp();
            for (var i = 0; i < TasksAtOnce; i++)
            {
                SHA256.HashData(_work, hash);
                stages[i % Runs].CompleteTask();
            }

            took.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
        }

        return (Median.Of(took), (Environment.CpuUsage.TotalTime - cpu) / Stopwatch.GetElapsedTime(start));
    }
}
