using System.Diagnostics;
using System.Globalization;

namespace ProgressTelemetry.Storage.Tests.Support;

/// <summary>A worker, as a process of its own that can be killed, and what it has printed.</summary>
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

    /// <summary>Its number, as shares name it.</summary>
    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has printed, as one text.</summary>
    public string Text() => string.Join('\n', Lines);

    public static WorkerProcess Start(string kind, string place) => Start(kind, place, Tasks);

    /// <summary>One that does so many tasks of a run that is another process's.</summary>
    public static WorkerProcess Join(string kind, string place, long tasks) => Start(kind, place, tasks, "join");

    /// <summary>One with a Hangfire server.</summary>
    public static WorkerProcess Hangfire(params string[] arguments) => Run("ProgressTelemetry.Hangfire.Worker.dll", arguments);

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
                throw new InvalidOperationException($"It has exited: {Text()}");
            }

            await Task.Delay(50, limit);
        }
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
        return await EndAsync(deadline.Token);
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

    private static WorkerProcess Start(string kind, string place, long tasks, params string[] more) =>
        Run("ProgressTelemetry.Storage.Worker.dll", [kind, place, tasks.ToString(CultureInfo.InvariantCulture), .. more]);

    private static WorkerProcess Run(string program, string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments])
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
