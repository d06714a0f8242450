using System.Collections.Concurrent;
using System.Diagnostics;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.EndToEndTests.Tools;

/// <summary>A server that a test started and that ends with the test, whatever happens.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 200;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ChildProcess(Process process) => _process = process;

    /// <summary>The last lines that it printed, for a failure's message.</summary>
    public string Output => string.Join('\n', _lines);

    public bool HasExited => _process.HasExited;

    public static ChildProcess Start(string folder, string program, params IEnumerable<string> arguments)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        var child = new ChildProcess(process);
        process.OutputDataReceived += child.Keep;
        process.ErrorDataReceived += child.Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Kills it at once, as a crash would, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    /// <summary>Waits until an address answers with success.</summary>
    public async Task ReadyAsync(Uri address, TimeSpan deadline)
    {
        using var http = new HttpClient();
        await Eventually.GetAsync(
            $"{address} ({_process.StartInfo.FileName}: {Output})",
            async () =>
            {
                if (HasExited)
                {
                    throw new InvalidOperationException($"{_process.StartInfo.FileName} ended with {_process.ExitCode}: {Output}");
                }

                using var response = await http.GetAsync(address);
                return response.IsSuccessStatusCode;
            },
            ready => ready,
            deadline);
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is { } line)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines)
            {
                _lines.TryDequeue(out _);
            }
        }
    }
}
