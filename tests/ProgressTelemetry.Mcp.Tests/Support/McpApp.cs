using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Mcp.Tests.Support;

/// <summary>An application on Kestrel, on a loopback port that the system chooses, whose clock the test moves; agents are let in unless said otherwise.</summary>
internal sealed class McpApp : IAsyncDisposable
{
    /// <summary>How long a test waits for something that should happen at once, before it says that it did not.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;

    private McpApp(WebApplication app, ManualTimeProvider clock, ProgressTracker tracker) => (_app, Clock, Tracker) = (app, clock, tracker);

    public ManualTimeProvider Clock { get; }

    public ProgressTracker Tracker { get; }

    public Uri Endpoint => new(new Uri(_app.Urls.Single()), "/mcp");

    public static async Task<McpApp> StartAsync(Action<WebApplication>? configure = null, Action<IServiceCollection>? addServices = null, string environment = "Production")
    {
        var clock = new ManualTimeProvider();
        var tracker = new ProgressTracker(timeProvider: clock);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(tracker);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddProgressMcp();
        addServices?.Invoke(builder.Services);
        var app = builder.Build();
        if (configure is null)
        {
            app.MapProgressMcp().AllowAnonymous();
        }
        else
        {
            configure(app);
        }

        await app.StartAsync();
        return new McpApp(app, clock, tracker);
    }

    /// <summary>The SDK's own client.</summary>
    public async Task<McpClient> ConnectAsync(string? user = null)
    {
        var options = new HttpClientTransportOptions { Endpoint = Endpoint, TransportMode = HttpTransportMode.StreamableHttp };
        if (user is not null)
        {
            options.AdditionalHeaders = new Dictionary<string, string>(StringComparer.Ordinal) { ["Authorization"] = $"Test {user}" };
        }

        return await McpClient.CreateAsync(new HttpClientTransport(options)).WaitAsync(Limit);
    }

    public Task StopAsync() => _app.StopAsync();

    /// <summary>Lets the clock's seconds pass until a call has been answered.</summary>
    public async Task<CallToolResult> PassUntilAnsweredAsync(Task<CallToolResult> call)
    {
        var giveUp = DateTime.UtcNow + Limit;
        while (!call.IsCompleted)
        {
            Assert.True(DateTime.UtcNow < giveUp, "The call was not answered.");
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(call, Task.Delay(5));
        }

        return await call;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Tracker.Dispose();
    }
}

internal static class Calls
{
    public static Task<CallToolResult> AskAsync(this McpClient client, string tool, params (string Name, object Value)[] arguments) =>
        client.CallToolAsync(tool, arguments.ToDictionary(a => a.Name, a => (object?)a.Value)).AsTask();

    public static string Text(this CallToolResult answer) => Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text;

    public static string[] Lines(this CallToolResult answer) => answer.Text().Split('\n');
}
