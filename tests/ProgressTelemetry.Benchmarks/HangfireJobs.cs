using System.Diagnostics;
using System.Globalization;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using ProgressTelemetry.Hangfire;

namespace ProgressTelemetry.Benchmarks;

/// <summary>What following them adds to Hangfire's jobs: in memory, where a job costs Hangfire least, and in PostgreSQL. Rounds with and without take turns in one process.</summary>
public static class HangfireJobs
{
    private const int Rounds = 5;
    private static CountdownEvent? s_left;

    /// <summary>The job: it works for so long.</summary>
    public static void Work(int microseconds)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < microseconds)
        {
            Thread.SpinWait(20);
        }

        s_left!.Signal();
    }

    internal static void Print(string? postgreSql)
    {
        Console.WriteLine("| storage | jobs | work in each | a job, without | followed | ratio |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var (jobs, microseconds) in new[] { (10_000, 0), (2_000, 1_000), (2_000, 2_000) })
        {
            PrintRow("in memory", jobs, microseconds, static () => new InMemoryStorage());
        }

        if (postgreSql is not null)
        {
            var factory = new NpgsqlConnectionFactory(postgreSql, new PostgreSqlStorageOptions());
            PrintRow("PostgreSQL", 10_000, 0, () => new PostgreSqlStorage(factory, new PostgreSqlStorageOptions { QueuePollInterval = TimeSpan.FromMilliseconds(100) }));
        }
    }

    private static void PrintRow(string name, int jobs, int microseconds, Func<JobStorage> storage)
    {
        Measure(storage(), jobs / 4, microseconds, isFollowed: true);
        Measure(storage(), jobs / 4, microseconds, isFollowed: false);
        var (with, without) = (new List<double>(), new List<double>());
        for (var i = 0; i < Rounds; i++)
        {
            without.Add(Measure(storage(), jobs, microseconds, isFollowed: false).TotalMicroseconds / jobs);
            with.Add(Measure(storage(), jobs, microseconds, isFollowed: true).TotalMicroseconds / jobs);
        }

        var (a, b) = (Median.Of(without), Median.Of(with));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {jobs:N0} | {microseconds:N0} us | {a:N0} us | {b:N0} us | {b / a:N3} |"));
    }

    // Processor time, as other programs' shares of the machine are no part of that.
    private static TimeSpan Measure(JobStorage storage, int jobs, int microseconds, bool isFollowed)
    {
        using var tracker = new ProgressTracker();
        using var filter = new ProgressJobFilter(tracker);
        var filters = new JobFilterCollection();
        Array.ForEach<object>([new AutomaticRetryAttribute(), new ContinuationsSupportAttribute(), new StatisticsHistoryAttribute()], filters.Add);
        if (isFollowed)
        {
            filters.Add(filter);
        }

        using var disposed = storage as IDisposable;
        var client = new BackgroundJobClient(storage, filters);
        using var left = s_left = new CountdownEvent(jobs);
        GC.Collect();
        var start = Process.GetCurrentProcess().TotalProcessorTime;
        for (var i = 0; i < jobs; i++)
        {
            client.Enqueue(() => Work(microseconds));
        }

        using (new BackgroundJobServer(new BackgroundJobServerOptions { FilterProvider = filters, WorkerCount = 2 }, storage))
        {
            left.Wait();
        }

        return Process.GetCurrentProcess().TotalProcessorTime - start;
    }
}
