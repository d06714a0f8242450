using System.Diagnostics;
using System.Globalization;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using ProgressTelemetry.Hangfire;

namespace ProgressTelemetry.Benchmarks;

/// <summary>What following them adds to Hangfire's jobs, in memory, where a job costs Hangfire least. Rounds with and without take turns in one process.</summary>
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

    internal static void Print()
    {
        Measure(1_000, 0, isFollowed: true);
        Measure(1_000, 0, isFollowed: false);
        Console.WriteLine("| jobs | work in each | a job, without | followed | ratio |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var (jobs, microseconds) in new[] { (10_000, 0), (2_000, 2_000) })
        {
            var (with, without) = (new List<TimeSpan>(), new List<TimeSpan>());
            for (var i = 0; i < Rounds; i++)
            {
                without.Add(Measure(jobs, microseconds, isFollowed: false));
                with.Add(Measure(jobs, microseconds, isFollowed: true));
            }

            var (a, b) = (without.Order().ElementAt(Rounds / 2).TotalMicroseconds / jobs, with.Order().ElementAt(Rounds / 2).TotalMicroseconds / jobs);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {jobs:N0} | {microseconds:N0} us | {a:N0} us | {b:N0} us | {b / a:N3} |"));
        }
    }

    // Processor time, as other programs' shares of the machine are no part of that.
    private static TimeSpan Measure(int jobs, int microseconds, bool isFollowed)
    {
        using var tracker = new ProgressTracker();
        using var filter = new ProgressJobFilter(tracker);
        var filters = new JobFilterCollection();
        Array.ForEach<object>([new AutomaticRetryAttribute(), new ContinuationsSupportAttribute(), new StatisticsHistoryAttribute()], filters.Add);
        if (isFollowed)
        {
            filters.Add(filter);
        }

        using var storage = new InMemoryStorage();
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
