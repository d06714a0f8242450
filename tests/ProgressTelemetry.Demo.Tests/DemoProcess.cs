using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Xunit;

namespace ProgressTelemetry.Demo.Tests;

/// <summary>The demo as its users run it: a process of its own, ended with the test.</summary>
internal sealed class DemoProcess : IDisposable
{
    /// <summary>SIGTERM, which is handled as Ctrl+C is; SIGINT itself is deaf in what a shell started in the background.</summary>
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly List<string> _error = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DemoProcess(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Hear(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Hear(_error, e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static DemoProcess Start(params string[] arguments) => StartProgram("progress-demo", arguments);

    /// <summary>Starts the demo of the engines.</summary>
    public static DemoProcess StartEngines(params string[] arguments) => StartProgram("progress-engines", arguments);

    /// <summary>Starts a demo that was published as a program of its own.</summary>
    public static DemoProcess StartPublished(string program, params string[] arguments) => new(program, arguments);

    private static DemoProcess StartProgram(string name, string[] arguments) => new("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. arguments]);

    /// <summary>Runs the demo to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var demo = Start(arguments);
        return await demo.EndAsync();
    }

    /// <summary>Waits for the start's announcement.</summary>
    /// <returns>The address that the demo answers on, with a slash at the end.</returns>
    public async Task<Uri> AddressAsync()
    {
        var line = await LineAsync("^metrics +(http://[^ ]+/)metrics$");
        return new Uri(line.Groups[1].Value);
    }

    /// <summary>Waits until a line of the output matches.</summary>
    public async Task<Match> LineAsync(string pattern)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task heard;
            lock (_gate)
            {
                if (_output.Select(line => Regex.Match(line, pattern, RegexOptions.None, Patience)).FirstOrDefault(m => m.Success) is { } match)
                {
                    return match;
                }

                heard = _heard.Task;
            }

            Assert.False(_process.HasExited, $"the demo ended: {Text(_output)}{Text(_error)}");
            await heard.WaitAsync(patience.Token);
        }
    }

    /// <summary>Asks the demo to stop and waits for its end.</summary>
    public Task<(int ExitCode, string Output, string Error)> StopAsync()
    {
        Assert.Equal(0, Kill(_process.Id, Terminate));
        return EndAsync();
    }

    /// <summary>Kill -9, and nothing of its children.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, Text(_output), Text(_error));
    }

    private void Hear(List<string> lines, string? line)
    {
        lock (_gate)
        {
            if (line is not null)
            {
                lines.Add(line);
            }

            _heard.TrySetResult();
            _heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private string Text(List<string> lines)
    {
        lock (_gate)
        {
            return string.Concat(lines.Select(l => l + "\n"));
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int process, int signal);
}
