using ProgressTelemetry.TestSupport;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ProgressTelemetry.AspNetCore.Tests.Support;

/// <summary>An application in Production on Kestrel, on a loopback port that the system chooses, with the live page mapped for everybody unless said otherwise.</summary>
internal sealed class ProgressApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProgressApp(WebApplication app, ProgressTracker tracker, Uri address)
    {
        _app = app;
        Tracker = tracker;
        Address = address;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = Eventually.Limit };
    }

    public ProgressTracker Tracker { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public static async Task<ProgressApp> StartAsync(
        ProgressTracker? tracker = null,
        Action<WebApplication>? configure = null,
        Action<IServiceCollection>? addServices = null,
        int port = 0,
        string environment = "Production")
    {
        tracker ??= new ProgressTracker();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddSingleton(tracker);
        addServices?.Invoke(builder.Services);
        var app = builder.Build();
        if (configure is null)
        {
            app.MapProgress().AllowAnonymous();
        }
        else
        {
            configure(app);
        }

        await app.StartAsync();
        return new ProgressApp(app, tracker, new Uri(app.Urls.Single()));
    }

    public Task StopAsync(CancellationToken impatient = default) => _app.StopAsync(impatient);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        Tracker.Dispose();
    }
}
