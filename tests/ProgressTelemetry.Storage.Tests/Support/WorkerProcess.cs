using System.Diagnostics;
using System.Globalization;

namespace ProgressTelemetry.Storage.Tests.Support;

/// <summary>The worker, as a process of its own that can be killed.</summary>
internal sealed class WorkerProcess : IDisposable
{
    public const int Tasks = 8000;

    private readonly Process _process;
    private readonly List<string> _lines = [];

    private WorkerProcess(Process process) => _process = process;

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

    public static WorkerProcess Start(string kind, string place) => Start(kind, place, Tasks);

    /// <summary>One that does so many tasks of a run that is another process's.</summary>
    public static WorkerProcess Join(string kind, string place, long tasks) => Start(kind, place, tasks, "join");

    private static WorkerProcess Start(string kind, string place, long tasks, params string[] more)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ProgressTelemetry.Storage.Worker.dll");
        var info = new ProcessStartInfo("dotnet", [program, kind, place, tasks.ToString(CultureInfo.InvariantCulture), .. more])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var worker = new WorkerProcess(new Process { StartInfo = info });
        worker._process.OutputDataReceived += worker.Keep;
        worker._process.ErrorDataReceived += worker.Keep;
        worker._process.Start();
        worker._process.BeginOutputReadLine();
        worker._process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>Kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<int> EndAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(deadline.Token);
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
