namespace ProgressTelemetry.EndToEndTests.Tools;

/// <summary>Prometheus, Alertmanager and a webhook receiver over the shipped files, on free ports, with room for demos.</summary>
internal sealed class Stack : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly List<DemoServer> _demos = [];
    private ChildProcess? _alertmanager;

    private Stack(int[] ports, int demos)
    {
        Ports = ports[3..(3 + demos)];
        Prometheus = new PrometheusServer(_folder, ports[0]);
    }

    public PrometheusServer Prometheus { get; }

    public WebhookReceiver Webhook { get; private set; } = null!;

    /// <summary>The ports that Prometheus scrapes.</summary>
    public int[] Ports { get; }

    public static async Task<Stack> StartAsync(int demos)
    {
        var ports = FreePort.Take(3 + demos);
        var (alertmanager, webhook) = (ports[1], ports[2]);
        var stack = new Stack(ports, demos);
        try
        {
            ShippedConfiguration.Of(stack.Ports, alertmanager, webhook).WriteTo(stack._folder);
            stack.Webhook = await WebhookReceiver.StartAsync(webhook);
            stack._alertmanager = ChildProcess.Start(stack._folder.Path, "prometheus-alertmanager",
                "--config.file=prometheus/alertmanager.yml",
                $"--storage.path={Path.Combine(stack._folder.Path, "alertmanager-data")}",
                $"--web.listen-address=127.0.0.1:{alertmanager}",
                "--cluster.listen-address=");
            await stack._alertmanager.ReadyAsync(new Uri($"http://127.0.0.1:{alertmanager}/-/ready"), StartLimit);
            await stack.Prometheus.StartAsync();
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a demo on the next port that Prometheus scrapes.</summary>
    public async Task<DemoServer> StartDemoAsync(params IEnumerable<string> arguments)
    {
        var demo = await DemoServer.StartAsync(_folder, Ports[_demos.Count], arguments);
        _demos.Add(demo);
        return demo;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var demo in _demos)
        {
            await demo.DisposeAsync();
        }

        await Prometheus.DisposeAsync();
        if (_alertmanager is not null)
        {
            await _alertmanager.DisposeAsync();
        }

        if (Webhook is not null)
        {
            await Webhook.DisposeAsync();
        }

        _folder.Dispose();
    }
}
