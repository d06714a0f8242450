using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ProgressTelemetry.Tests.Support;

/// <summary>One log record, with the Activity that was current.</summary>
internal sealed record LoggedRecord(
    string Category, LogLevel Level, string? Event, string Text, IReadOnlyDictionary<string, object?> Values, ActivityTraceId? TraceId, ActivitySpanId? SpanId);

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLoggerFactory : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<LoggedRecord> _records = new();
    private string _category = "";

    public IReadOnlyList<LoggedRecord> Records => [.. _records];

    /// <summary>What a record makes happen; for loggers that fail.</summary>
    public Action<LoggedRecord>? OnRecord { get; set; }

    public IEnumerable<LoggedRecord> Of(string eventName) => Records.Where(r => r.Event == eventName);

    public ILogger CreateLogger(string categoryName)
    {
        _category = categoryName;
        return this;
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var values = state as IEnumerable<KeyValuePair<string, object?>> ?? [];
        var record = new LoggedRecord(
            _category, logLevel, eventId.Name, formatter(state, exception), values.ToDictionary(v => v.Key, v => v.Value), Activity.Current?.TraceId, Activity.Current?.SpanId);
        _records.Enqueue(record);
        OnRecord?.Invoke(record);
    }

    public void Dispose()
    {
    }
}
