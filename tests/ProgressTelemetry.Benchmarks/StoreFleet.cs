using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace ProgressTelemetry.Benchmarks;

/// <summary>Many processes with many runs each on one PostgreSQL: a tracker stands for a process, all in this one. They follow their own runs alone; two of them share one more, and one besides follows all, as a page does.</summary>
internal static class StoreFleet
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15), Measured = TimeSpan.FromSeconds(40), Limit = TimeSpan.FromMinutes(1);

    public static void PrintHeader()
    {
        Console.WriteLine("| processes | runs of each | put each second | transactions a second | the server's processor time | a process's | lag of a shared run | longest | lag at a page |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    }

    /// <param name="postgreSql">The database.</param>
    /// <param name="processes">How many processes.</param>
    /// <param name="runs">How many runs each has.</param>
    /// <param name="period">How often each run moves, s.</param>
    public static async Task PrintAsync(string postgreSql, int processes, int runs, int period)
    {
        var providers = new List<ServiceProvider>();
        var trackers = new List<ProgressTracker>();
        var stages = new List<WorkflowStage>();
        foreach (var process in Enumerable.Range(0, processes + 1))
        {
            var provider = new ServiceCollection().AddPostgreSqlRunStore(postgreSql + ";Maximum Pool Size=1;Timeout=60").BuildServiceProvider();
            var tracker = new ProgressTracker(new ProgressTrackingOptions { FollowAllStoredRuns = process == processes, MinShownRunAge = TimeSpan.FromHours(1) }, store: provider.GetRequiredService<IRunStore>());
            providers.Add(provider);
            trackers.Add(tracker);
            stages.AddRange(Enumerable.Range(0, process < processes ? runs : 0).Select(run =>
                tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = $"{process}-{run}" }).StartStage("load", 1_000_000)));
        }

        await Parallel.ForEachAsync(trackers, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (tracker, _) => await KeptAsync(tracker).ConfigureAwait(false)).ConfigureAwait(false);

        var shared = trackers[0].StartWorkflow("shared", new WorkflowRunOptions { RunId = "shared" }).StartStage("load", 1_000_000);
        await KeptAsync(trackers[0]).ConfigureAwait(false);
        await trackers[1].GetStatusAsync("shared").ConfigureAwait(false);
        var part = trackers[1].StartWorkflow("shared", new WorkflowRunOptions { RunId = "shared", WhenLive = WhenLive.Join });
        await KeptAsync(trackers[1]).ConfigureAwait(false);
        using var stop = new CancellationTokenSource();
        var work = MoveAsync(stages, period, stop.Token);
        await Task.Delay(WarmUp).ConfigureAwait(false);

        var (transactions, server, own) = (await TransactionsAsync(postgreSql).ConfigureAwait(false), ServerTime(), Environment.CpuUsage.TotalTime);
        var watch = Stopwatch.StartNew();
        var (joint, page) = await LagsAsync(shared, part.GetStatus, () => trackers[^1].GetStatus("shared"), watch).ConfigureAwait(false);
        var seconds = watch.Elapsed.TotalSeconds;
        (server, own) = (ServerTime() - server, Environment.CpuUsage.TotalTime - own);
        transactions = await TransactionsAsync(postgreSql).ConfigureAwait(false) - transactions;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {processes:N0} | {runs:N0} | {(double)stages.Count / period:N0} | {transactions / seconds:N0} | {server.TotalSeconds / seconds:P1} | {own.TotalSeconds / seconds / processes:P2} | {Median.Of(joint):N2} s | {joint.Max():N2} s | {Median.Of(page):N2} s |"));
        await stop.CancelAsync().ConfigureAwait(false);
        await work.ConfigureAwait(false);
        trackers.ForEach(tracker => tracker.Dispose());
        foreach (var provider in providers)
        {
            await provider.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task KeptAsync(ProgressTracker tracker)
    {
        while (!await tracker.FlushAsync().ConfigureAwait(false))
        {
            await Task.Delay(100).ConfigureAwait(false);
        }
    }

    private static async Task MoveAsync(List<WorkflowStage> stages, int period, CancellationToken stop)
    {
        using var seconds = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            for (var i = turn % period; i < stages.Count; i += period)
            {
                stages[i].CompleteTask();
            }

            await Task.WhenAny(seconds.WaitForNextTickAsync(CancellationToken.None).AsTask(), Task.Delay(Timeout.Infinite, stop)).ConfigureAwait(false);
        }
    }

    // How long after a task was done in one process another one's status has it.
    private static async Task<(List<double> Joint, List<double> Page)> LagsAsync(WorkflowStage shared, Func<WorkflowStatus> part, Func<WorkflowStatus?> page, Stopwatch watch)
    {
        var lags = (Joint: new List<double>(), Page: new List<double>());
        var random = new Random(1);
        for (var done = 1L; watch.Elapsed < Measured; done++)
        {
            shared.CompleteTask();
            var since = Stopwatch.StartNew();
            var (isHeard, isShown) = (false, false);
            while (!isHeard || !isShown)
            {
                await Task.Delay(10).ConfigureAwait(false);
                Note(ref isHeard, part(), lags.Joint);
                Note(ref isShown, page(), lags.Page);
            }

            // At any moment between two turns of the processes.
            await Task.Delay(random.Next(1000)).ConfigureAwait(false);

            void Note(ref bool isThere, WorkflowStatus? status, List<double> lag)
            {
                if (!isThere && status?.CompletedTasks >= done)
                {
                    isThere = true;
                    lag.Add(since.Elapsed.TotalSeconds);
                }
                else if (since.Elapsed > Limit)
                {
                    throw new TimeoutException("The other process doesn't hear of the run.");
                }
            }
        }

        return lags;
    }

    // Of all the server's processes, on this machine; each renames itself after its client.
    private static TimeSpan ServerTime() => TimeSpan.FromSeconds(Process.GetProcesses().Sum(process =>
    {
        using (process)
        {
            try
            {
                return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal) ? process.TotalProcessorTime.TotalSeconds : 0;
            }
            catch (InvalidOperationException)
            {
                // It has just ended.
                return 0;
            }
        }
    }));

    private static Task<long> TransactionsAsync(string postgreSql) =>
        StoreLoad.NumberAsync(postgreSql, "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()");
}
