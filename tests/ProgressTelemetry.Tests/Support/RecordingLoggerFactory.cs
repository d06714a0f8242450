using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ProgressTelemetry.Tests.Support;

/// <summary>A logger factory that keeps what is logged, with the trace and the span that were current.</summary>
internal sealed class RecordingLoggerFactory : ILoggerFactory
{
    private readonly FakeLogCollector _collector;
    private readonly ILoggerFactory _factory;

    public RecordingLoggerFactory()
    {
        _collector = FakeLogCollector.Create(new FakeLogCollectorOptions { OutputSink = _ => { }, OutputFormatter = Tell });
        _factory = LoggerFactory.Create(builder => builder
            .SetMinimumLevel(LogLevel.Trace)
            .Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId)
            .AddProvider(new FakeLoggerProvider(_collector)));
    }

    public IReadOnlyList<FakeLogRecord> Records => _collector.GetSnapshot();

    /// <summary>What a record makes happen; for loggers that fail.</summary>
    public Action<FakeLogRecord>? OnRecord { get; set; }

    public IEnumerable<FakeLogRecord> Of(string eventName) => Records.Where(r => r.Id.Name == eventName);

    public ILogger CreateLogger(string categoryName) => _factory.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => _factory.AddProvider(provider);

    public void Dispose() => _factory.Dispose();

    private string Tell(FakeLogRecord record)
    {
        OnRecord?.Invoke(record);
        return "";
    }
}
