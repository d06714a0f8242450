using System.Globalization;

namespace ProgressTelemetry.EndToEndTests.Tools;

/// <summary>The real demo as a process of its own.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new();
    private readonly ChildProcess _process;

    private DemoServer(ChildProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static async Task<DemoServer> StartAsync(TemporaryFolder folder, int port, params IEnumerable<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "progress-demo.dll");
        var demo = new DemoServer(ChildProcess.Start(folder.Path, "dotnet", [program, "serve", "--urls", $"http://127.0.0.1:{port}", .. arguments]), port);
        try
        {
            await demo._process.ReadyAsync(new Uri($"http://127.0.0.1:{port}/healthz"), StartLimit);
            return demo;
        }
        catch
        {
            await demo.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the demo exposes now, as text.</summary>
    public Task<string> ScrapeAsync() => _http.GetStringAsync(new Uri($"http://127.0.0.1:{Port}/metrics"));

    /// <summary>A counter's sum over its series, as the demo itself exposes it now.</summary>
    public async Task<double> CounterAsync(string name)
    {
        var text = await ScrapeAsync();
        return text.Split('\n')
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }

    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _process.DisposeAsync();
    }
}
