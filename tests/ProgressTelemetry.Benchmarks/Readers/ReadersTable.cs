using System.Diagnostics;
using System.Globalization;

namespace ProgressTelemetry.Benchmarks.Readers;

/// <summary>What a thousand readers cost an application, over real sockets: its processor time, its memory, and what its tracked work takes longer. Turns with and without readers alternate.</summary>
internal static class ReadersTable
{
    private const int Turns = 3;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(8);

    public static async Task PrintAsync()
    {
        Console.WriteLine("| runs | readers | events a second | the application's processor time, of one core | the same without readers | that is for a reader | memory a reader | 1,000 tracked tasks | the same without readers | ratio |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (runs, readers) in ((int, int)[])[(1, 1000), (1000, 1000)])
        {
            await PrintAsync(runs, readers).ConfigureAwait(false);
        }
    }

    private static async Task PrintAsync(int runs, int readers)
    {
        var app = await ReadersApp.StartAsync(runs).ConfigureAwait(false);
        await using (app.ConfigureAwait(false))
        {
            using var work = new TrackedWork(app.Stages);
            var (without, with) = (new List<Sample>(), new List<Sample>());

            // Once for nothing: everything is compiled, and every buffer has been rented once.
            for (var turn = 0; turn <= Turns; turn++)
            {
                var alone = await MeasureAsync(work, client: null).ConfigureAwait(false);
                var client = await ReadersClient.StartAsync(app.Url, app.Tokens(readers)).ConfigureAwait(false);
                await using (client.ConfigureAwait(false))
                {
                    var read = await MeasureAsync(work, client).ConfigureAwait(false);
                    if (turn > 0)
                    {
                        without.Add(alone);
                        with.Add(read);
                    }
                }
            }

            var (core, coreAlone) = (Of(with, s => s.Core), Of(without, s => s.Core));
            var (batch, batchAlone) = (Of(with, s => s.Batch), Of(without, s => s.Batch));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {runs:N0} | {readers:N0} | {Of(with, s => s.EventsPerSecond):N0} | {core:P1} | {coreAlone:P1} | {(core - coreAlone) * 1e6 / readers:0} µs a second | {(Of(with, s => s.Heap) - Of(without, s => s.Heap)) / 1024 / readers:0.0} KB | {batch:0.000} ms | {batchAlone:0.000} ms | {batch / batchAlone:0.000} |"));
        }
    }

    private static double Of(IEnumerable<Sample> samples, Func<Sample, double> value) => Median.Of(samples.Select(value));

    private static async Task<Sample> MeasureAsync(TrackedWork work, ReadersClient? client)
    {
        using var process = Process.GetCurrentProcess();
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var batches = work.Restart();
        var events = client is null ? 0 : await client.EventsAsync().ConfigureAwait(false);
        var (cpu, begin) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(Turn).ConfigureAwait(false);
        process.Refresh();
        var (seconds, used) = (Stopwatch.GetElapsedTime(begin).TotalSeconds, process.TotalProcessorTime - cpu);
        var sent = client is null ? 0 : await client.EventsAsync().ConfigureAwait(false) - events;
        work.Restart();
        return new Sample(used.TotalSeconds / seconds, heap, sent / seconds, Median.Of(batches));
    }

    /// <param name="Core">Processor time of the whole application, of one core.</param>
    /// <param name="Heap">Bytes that a collection left.</param>
    /// <param name="EventsPerSecond">Sent to all readers.</param>
    /// <param name="Batch">Milliseconds.</param>
    private sealed record Sample(double Core, double Heap, double EventsPerSecond, double Batch);
}
