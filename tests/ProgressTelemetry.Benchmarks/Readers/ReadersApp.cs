using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProgressTelemetry.AspNetCore;

namespace ProgressTelemetry.Benchmarks.Readers;

/// <summary>An application on Kestrel, on a loopback port, with tracked runs that somebody may wait for.</summary>
internal sealed class ReadersApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ProgressTracker _tracker;

    private ReadersApp(WebApplication app, ProgressTracker tracker, IReadOnlyList<WorkflowStage> stages) => (_app, _tracker, Stages) = (app, tracker, stages);

    public Uri Url => new(_app.Urls.Single());

    /// <summary>A stage of each run.</summary>
    public IReadOnlyList<WorkflowStage> Stages { get; }

    public static async Task<ReadersApp> StartAsync(int runs)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddProgressTracking();
        builder.Services.AddProgressTokens();
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        var app = builder.Build();
        app.MapProgress();
        await app.StartAsync().ConfigureAwait(false);
        var tracker = app.Services.GetRequiredService<ProgressTracker>();
        var stages = Enumerable.Range(0, runs).Select(number => tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = $"{number}" }).StartStage("load", 1_000_000_000)).ToList();
        return new ReadersApp(app, tracker, stages);
    }

    public IEnumerable<string> Tokens(int readers)
    {
        var tokens = _app.Services.GetRequiredService<IProgressTokens>();
        return Enumerable.Range(0, readers).Select(reader => tokens.ForRun($"{reader % Stages.Count}", TimeSpan.FromHours(1)));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync().ConfigureAwait(false);
        _tracker.Dispose();
    }
}
