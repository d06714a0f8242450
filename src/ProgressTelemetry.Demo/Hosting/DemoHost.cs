using System.Net.Sockets;

namespace ProgressTelemetry.Demo.Hosting;

/// <summary>Makes the demo's web host and runs it until it is told to stop.</summary>
internal static class DemoHost
{
    /// <summary>Pages hold a connection open; stopping doesn't wait for them longer than this.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(3);

    public static WebApplicationBuilder CreateBuilder(string urls)
    {
        // The files beside the program, not those of whichever folder it is started in.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(urls);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTimeout);
        builder.Logging.ClearProviders()
            .AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.TimestampFormat = "HH:mm:ss ";
            })
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning)
            // A start that fails is told in one line below, not with a stack trace by each layer that it passes through.
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.None)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        return builder;
    }

    /// <summary>Starts the app, says where it answers, and runs <paramref name="work"/> with a token that is cancelled when the app is to stop.</summary>
    /// <returns>The work's exit code; 1 when the app can't start.</returns>
    public static async Task<int> RunAsync(WebApplication app, Func<CancellationToken, Task<int>> work, Output output, CancellationToken stop)
    {
        await using (app)
        {
            try
            {
                await app.StartAsync(stop);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                await output.Error.WriteLineAsync($"progress-demo: cannot start: {e.Message} (another address: --urls)");
                return ExitCode.Failed;
            }

            Announce(app, output.Out);
            try
            {
                // The host hears Ctrl+C too, and may hear it first.
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, app.Lifetime.ApplicationStopping);
                return await work(either.Token);
            }
            finally
            {
                await app.StopAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>Work that is over when the app is told to stop.</summary>
    public static async Task<int> UntilStoppedAsync(CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Success;
    }

    private static void Announce(WebApplication app, TextWriter output)
    {
        foreach (var url in app.Urls)
        {
            output.WriteLine($"page     {url}/progress");
            output.WriteLine($"metrics  {url}/metrics");
        }

        output.WriteLine("Ctrl+C stops it.");
        output.Flush();
    }
}
