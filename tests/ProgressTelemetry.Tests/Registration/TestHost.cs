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

    public MetricPoints Collect(MetricPoints points)
    {
        _provider.GetRequiredService<MeterProvider>().ForceFlush();
        return points;
    }

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

/// <summary>One exported point.</summary>
internal sealed record MetricPointRead(string Meter, string Name, double Value, IReadOnlyDictionary<string, object?> Tags, IReadOnlyDictionary<string, object?> MeterTags);

/// <summary>Keeps the points of the last export.</summary>
internal sealed class MetricPoints : BaseExporter<Metric>
{
    public IReadOnlyList<MetricPointRead> Last { get; private set; } = [];

    public int Exports { get; private set; }

    public BaseExportingMetricReader Reader() => new(this);

    public double Sum(string name) => Last.Where(p => p.Name == name).Sum(p => p.Value);

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var read = new List<MetricPointRead>();
        foreach (var metric in batch)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                var tags = new Dictionary<string, object?>();
                foreach (var tag in point.Tags)
                {
                    tags.Add(tag.Key, tag.Value);
                }

                var value = metric.MetricType switch
                {
                    MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
                    MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
                    MetricType.LongGauge => point.GetGaugeLastValueLong(),
                    MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
                    _ => point.GetHistogramCount(),
                };
                read.Add(new MetricPointRead(metric.MeterName, metric.Name, value, tags, metric.MeterTags?.ToDictionary(t => t.Key, t => t.Value) ?? []));
            }
        }

        Last = read;
        Exports++;
        return ExportResult.Success;
    }
}
