using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace ProgressTelemetry.Benchmarks;

/// <summary>Many processes with many runs each on one PostgreSQL: a tracker stands for a process, all in this one.</summary>
internal static class StoreFleet
{
    /// <summary>One run in so many moves in each second.</summary>
    private const int Movers = 10;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(12), Measured = TimeSpan.FromSeconds(20);

    public static async Task PrintAsync(string postgreSql, int processes, int runs)
    {
        var providers = Enumerable.Range(0, processes).Select(_ => new ServiceCollection().AddPostgreSqlRunStore(postgreSql + ";Maximum Pool Size=2").BuildServiceProvider()).ToList();
        var trackers = providers.ConvertAll(provider => new ProgressTracker(store: provider.GetRequiredService<IRunStore>()));
        var stages = trackers.SelectMany((tracker, process) => Enumerable.Range(0, runs).Select(run =>
            tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = $"{process}-{run}" }).StartStage("load", 1_000_000))).ToList();
        var probe = trackers[0].StartWorkflow("probe", new WorkflowRunOptions { RunId = "probe" }).StartStage("load", 1_000_000);
        using var stop = new CancellationTokenSource();
        var work = MoveAsync(stages, stop.Token);
        await Task.Delay(WarmUp).ConfigureAwait(false);

        var (transactions, own) = (await TransactionsAsync(postgreSql).ConfigureAwait(false), Environment.CpuUsage.TotalTime);
        var watch = Stopwatch.StartNew();
        var lags = await LagsAsync(probe, trackers[^1], watch).ConfigureAwait(false);
        var seconds = watch.Elapsed.TotalSeconds;
        transactions = await TransactionsAsync(postgreSql).ConfigureAwait(false) - transactions;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {processes:N0} | {stages.Count:N0} | {stages.Count / Movers:N0} | {transactions / seconds:N0} | {(Environment.CpuUsage.TotalTime - own).TotalSeconds / seconds / processes:P1} | {Median.Of(lags):N1} s | {lags.Max():N1} s |"));
        await stop.CancelAsync().ConfigureAwait(false);
        await work.ConfigureAwait(false);
        trackers.ForEach(tracker => tracker.Dispose());
        foreach (var provider in providers)
        {
            await provider.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task MoveAsync(List<WorkflowStage> stages, CancellationToken stop)
    {
        using var seconds = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            for (var i = turn % Movers; i < stages.Count; i += Movers)
            {
                stages[i].CompleteTask();
            }

            await Task.WhenAny(seconds.WaitForNextTickAsync(CancellationToken.None).AsTask(), Task.Delay(Timeout.Infinite, stop)).ConfigureAwait(false);
        }
    }

    // How long after a task was done in one process another one's status has it.
    private static async Task<List<double>> LagsAsync(WorkflowStage probe, ProgressTracker other, Stopwatch watch)
    {
        var lags = new List<double>();
        for (var done = 1L; watch.Elapsed < Measured; done++)
        {
            probe.CompleteTask();
            var since = Stopwatch.StartNew();
            while (other.GetStatus("probe")?.CompletedTasks is not { } seen || seen < done)
            {
                await Task.Delay(20).ConfigureAwait(false);
                if (since.Elapsed > TimeSpan.FromMinutes(1))
                {
                    throw new TimeoutException("The other process doesn't hear of the run.");
                }
            }

            lags.Add(since.Elapsed.TotalSeconds);
            await Task.Delay(137).ConfigureAwait(false);
        }

        return lags;
    }

    private static Task<long> TransactionsAsync(string postgreSql) =>
        StoreLoad.NumberAsync(postgreSql, "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()");
}
