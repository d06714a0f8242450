using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using ProgressTelemetry.Signals;

namespace ProgressTelemetry.Tests.Support;

/// <summary>A real tracer provider that keeps the spans of one trace: other tests of this process make spans too.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivitySource _callers = new("Callers of " + Guid.NewGuid().ToString("N"));
    private readonly Kept _kept = new();
    private readonly TracerProvider _provider;

    public SpanRecorder()
    {
        _provider = Sdk.CreateTracerProviderBuilder().AddSource(SignalNames.Source, _callers.Name).AddProcessor(_kept).Build();
        Parent = _callers.StartActivity("parent")!;
    }

    /// <summary>The caller's own span, which is current.</summary>
    public Activity Parent { get; }

    /// <summary>The ended spans of the parent's trace, the earliest end first.</summary>
    public IReadOnlyList<Activity> Ended => [.. _kept.Ended.Where(a => a.TraceId == Parent.TraceId)];

    public Activity One(string name) => Assert.Single(Ended, span => span.DisplayName == name);

    public void Dispose()
    {
        Parent.Dispose();
        _provider.Dispose();
        _callers.Dispose();
    }

    private sealed class Kept : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = new();

        public override void OnEnd(Activity data) => Ended.Enqueue(data);
    }
}
