using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ProgressTelemetry.Tests.Registration;

/// <summary>A host's container: its hosted services are started in order, then the providers are there, as the official hosting package has it.</summary>
internal sealed class TestHost : IDisposable
{
    private readonly ServiceProvider _provider;

    public TestHost(Action<Builder> configure, Action<IServiceProvider>? beforeStart = null)
    {
        Services.AddOptions();
        Services.AddLogging();
        Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ProvidersStart>());
        configure(new Builder(Services));
        _provider = Services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        try
        {
            beforeStart?.Invoke(_provider);
            foreach (var service in _provider.GetServices<IHostedService>())
            {
                service.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
            }
        }
        catch
        {
            _provider.Dispose();
            throw;
        }
    }

    public ServiceCollection Services { get; } = [];

    public ProgressTracker Tracker => _provider.GetRequiredService<ProgressTracker>();

    public IServiceProvider Provider => _provider;

    public void Collect() => _provider.GetRequiredService<MeterProvider>().ForceFlush();

    public void Dispose() => _provider.Dispose();

    /// <summary>What the hosting package's builder is, with its own type to keep through chaining.</summary>
    public sealed class Builder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services => services;

        public Builder Official() => this;
    }

    private sealed class ProvidersStart(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = services.GetService<MeterProvider>();
            _ = services.GetService<TracerProvider>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>A second extension of the same shape as the library's.</summary>
internal static class SecondExtension
{
    public static T AddSomethingElse<T>(this T builder)
        where T : IOpenTelemetryBuilder => builder;
}
