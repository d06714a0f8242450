using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProgressTelemetry.Tool.Commands;

namespace ProgressTelemetry.Tool.Tests;

/// <summary>An application on Kestrel, on a loopback port, with the progress page; and the tool beside it, in this process.</summary>
internal sealed class WatchedApp : IAsyncDisposable
{
    /// <summary>How long a test waits for something that should happen soon, before it says that it did not.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;

    private WatchedApp(WebApplication app, ProgressTracker tracker)
    {
        (_app, Tracker) = (app, tracker);
        Url = app.Urls.Single();
    }

    public ProgressTracker Tracker { get; }

    public string Url { get; }

    public static async Task<WatchedApp> StartAsync(ProgressTracker? tracker = null, int port = 0, string? secret = null)
    {
        tracker ??= new ProgressTracker();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddSingleton(tracker);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            if (secret is null || context.Request.Headers.Authorization == $"Bearer {secret}")
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        app.MapProgress().AllowAnonymous();
        app.MapGet("/other/{**rest}", () => "hello");
        await app.StartAsync();
        return new WatchedApp(app, tracker);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Tracker.Dispose();
    }
}

/// <summary>One call of the tool, piped.</summary>
internal sealed class ToolCall : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lines _output = new();
    private readonly Lines _error = new();
    private readonly Task<int> _exit;

    public ToolCall(params string[] arguments) => _exit = Task.Run(() =>
        ToolCommandLine.RunAsync(arguments, new System.CommandLine.InvocationConfiguration { Output = _output, Error = _error }, cancellationToken: _stop.Token));

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public Task<int> ExitAsync() => _exit.WaitAsync(WatchedApp.Limit);

    /// <summary>As Ctrl+C does.</summary>
    public void Interrupt() => _stop.Cancel();

    public async Task UntilAsync(Func<ToolCall, bool> condition)
    {
        var giveUp = DateTime.UtcNow + WatchedApp.Limit;
        while (!condition(this))
        {
            Assert.True(DateTime.UtcNow < giveUp && !_exit.IsCompleted, $"It did not come about.\n{Output}\n{Error}");
            await Task.Delay(10);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <summary>A writer that can be read meanwhile.</summary>
    private sealed class Lines : StringWriter
    {
        private readonly Lock _gate = new();

        public override void Write(char value)
        {
            lock (_gate)
            {
                base.Write(value);
            }
        }

        public override void Write(char[] buffer, int index, int count)
        {
            lock (_gate)
            {
                base.Write(buffer, index, count);
            }
        }

        public override void Write(string? value)
        {
            lock (_gate)
            {
                base.Write(value);
            }
        }

        public override string ToString()
        {
            lock (_gate)
            {
                return base.ToString().ReplaceLineEndings("\n");
            }
        }
    }
}
