using System.Diagnostics;
using System.Globalization;

namespace ProgressTelemetry.Benchmarks.Readers;

/// <summary>Readers of live progress, in a process of their own, so that what they cost is not the application's: a connection for each token, which they are given on standard input.</summary>
internal sealed class ReadersClient : IAsyncDisposable
{
    internal const string Command = "readers-client";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private ReadersClient(Process process) => _process = process;

    /// <summary>Starts readers, and returns once each has been sent something.</summary>
    public static async Task<ReadersClient> StartAsync(Uri url, IEnumerable<string> tokens)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ReadersClient).Assembly.Location, Command, url.AbsoluteUri]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        var client = new ReadersClient(Process.Start(start)!);
        foreach (var token in tokens)
        {
            await client._process.StandardInput.WriteLineAsync(token).ConfigureAwait(false);
        }

        await client._process.StandardInput.WriteLineAsync().ConfigureAwait(false);
        await client._process.StandardInput.FlushAsync().ConfigureAwait(false);
        await client._process.StandardOutput.ReadLineAsync().WaitAsync(Limit).ConfigureAwait(false);
        return client;
    }

    /// <summary>How many events all of them have been sent so far.</summary>
    public async Task<long> EventsAsync()
    {
        await _process.StandardInput.WriteLineAsync("events").ConfigureAwait(false);
        await _process.StandardInput.FlushAsync().ConfigureAwait(false);
        return long.Parse((await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit).ConfigureAwait(false))!, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Limit).ConfigureAwait(false);
        _process.Dispose();
    }

    /// <summary>What the process of the readers does.</summary>
    public static async Task RunAsync(Uri url)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue }) { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
        using var over = new CancellationTokenSource();
        var events = 0L;
        var first = new List<Task>();
        var reading = new List<Task>();
        while (Console.ReadLine() is { Length: > 0 } token)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            first.Add(seen.Task);
            reading.Add(ReadAsync(token, seen));
        }

        await Task.WhenAll(first).ConfigureAwait(false);
        Console.WriteLine("ready");
        while (Console.ReadLine() is not null)
        {
            Console.WriteLine(Interlocked.Read(ref events).ToString(CultureInfo.InvariantCulture));
        }

        await over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(reading).ConfigureAwait(false);

        async Task ReadAsync(string token, TaskCompletionSource seen)
        {
            try
            {
                using var stream = await http.GetStreamAsync(new Uri($"progress/live/{token}/events", UriKind.Relative), over.Token).ConfigureAwait(false);
                var buffer = new byte[8192];
                int read;
                while ((read = await stream.ReadAsync(buffer, over.Token).ConfigureAwait(false)) > 0)
                {
                    // An event ends with an empty line.
                    var ends = buffer.AsSpan(0, read).Count("\n\n"u8);
                    if (ends > 0)
                    {
                        Interlocked.Add(ref events, ends);
                        seen.TrySetResult();
                    }
                }
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                // Read to the end of the measurement.
            }
            catch (Exception error)
            {
                seen.TrySetException(error);
            }
        }
    }
}
