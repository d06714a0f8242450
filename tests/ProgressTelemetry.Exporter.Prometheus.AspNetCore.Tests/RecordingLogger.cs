using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

/// <summary>Keeps what the exporter logs.</summary>
internal sealed class RecordingLogger : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _messages = new();

    private readonly ConcurrentQueue<(string Message, TaskCompletionSource Waiter)> _waiters = new();

    public IReadOnlyList<string> Messages => [.. _messages];

    /// <summary>Waits for a message.</summary>
    public Task WaitForAsync(string message)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters.Enqueue((message, waiter));
        if (_messages.Contains(message))
        {
            waiter.TrySetResult();
        }

        return waiter.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var logged = formatter(state, exception);
        _messages.Enqueue(logged);
        foreach (var (message, waiter) in _waiters)
        {
            if (message == logged)
            {
                waiter.TrySetResult();
            }
        }
    }

    public void Dispose()
    {
    }
}
