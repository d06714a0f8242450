using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace ProgressTelemetry.Packages.Tests.Support;

/// <summary>A running app, ended with the test.</summary>
internal sealed partial class AppProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AppProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException("the app ended before it listened"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where a web app listens, once it does.</summary>
    public async Task<Uri> AddressAsync()
    {
        try
        {
            return await _address.Task.WaitAsync(Patience);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            throw new InvalidOperationException(Output(), e);
        }
    }

    /// <summary>Asks again until the answer has a line that matches.</summary>
    public async Task<string> GetUntilAsync(HttpClient client, string path, string pattern)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var answer = "";
        try
        {
            do
            {
                answer = await client.GetStringAsync(new Uri(path, UriKind.Relative), patience.Token);
            }
            while (!Regex.IsMatch(answer, pattern, RegexOptions.Multiline, Patience) && await pause.WaitForNextTickAsync(patience.Token));
        }
        catch (OperationCanceledException e)
        {
            throw new InvalidOperationException($"{path} never matched {pattern}:\n{answer}\n{Output()}", e);
        }

        return answer;
    }

    /// <summary>Waits for the end of an app that ends by itself.</summary>
    public async Task<(int ExitCode, string Output)> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, Output());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line is not null && Listening().Match(line) is { Success: true } listening)
        {
            _address.TrySetResult(new Uri(listening.Groups["address"].Value));
        }
    }

    private string Output()
    {
        lock (_output)
        {
            return _output.ToString();
        }
    }

    [GeneratedRegex("Now listening on: (?<address>http://[^ ]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Listening();
}
