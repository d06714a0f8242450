using System.Diagnostics;

namespace ProgressTelemetry.Storage.Tests.Support;

/// <summary>A process with a Hangfire server, and what it has printed.</summary>
internal sealed class HangfireProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];

    public HangfireProcess(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ProgressTelemetry.Hangfire.Worker.dll");
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Waits for a line that begins so.</summary>
    public async Task<string> LineAsync(string start, CancellationToken limit)
    {
        while (true)
        {
            if (Lines.FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal)) is { } line)
            {
                return line;
            }

            if (_process.HasExited)
            {
                throw new InvalidOperationException($"It has exited: {string.Join('\n', Lines)}");
            }

            await Task.Delay(50, limit);
        }
    }

    public async Task<int> EndAsync(CancellationToken limit)
    {
        await _process.WaitForExitAsync(limit);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is { } line)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }
}
