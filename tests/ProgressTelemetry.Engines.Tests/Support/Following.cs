using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ProgressTelemetry.EnginesTests.Support;

/// <summary>A tracker that follows spans, what its listener heard, and a source to make spans with.</summary>
internal sealed class Following : IDisposable
{
    /// <summary>Long, since it is only waited for when something is wrong.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public Following(Action<ProgressTrackingOptions> configure, TimeProvider? time = null, TimeProvider? spanTime = null)
    {
        var options = new ProgressTrackingOptions();
        configure(options);
        options.GetAdapter<SpanAdapter>().Time = spanTime ?? TimeProvider.System;
        Tracker = new ProgressTracker(options, time, listeners: [Heard]);
        Heard.Tracker = Tracker;
    }

    /// <summary>Follows one source by rules of a test's own.</summary>
    public Following(Func<string, SpanRule[]> rules, TimeProvider? time = null, TimeProvider? spanTime = null)
        : this("Test." + Guid.NewGuid().ToString("N"), rules, time, spanTime)
    {
    }

    private Following(string source, Func<string, SpanRule[]> rules, TimeProvider? time, TimeProvider? spanTime)
        : this(options => options.Follow(rules(source)), time, spanTime) => Source = new ActivitySource(source);

    public ProgressTracker Tracker { get; }

    public HeardRuns Heard { get; } = new();

    public ActivitySource Source { get; } = new("Test.None");

    /// <summary>A span that a parent from elsewhere has begun: it is no child of what is current.</summary>
    public Activity Start(string operation, ActivityKind kind = ActivityKind.Internal, params (string Key, object? Value)[] tags) =>
        Source.StartActivity(operation, kind, parentContext: default, tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value)))!;

    /// <summary>What the trackers that live have counted in <c>progress.tracker.errors</c> of a kind.</summary>
    public static long Errors(string kind)
    {
        long sum = 0;
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "progress.tracker.errors")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, value, tags, _) => sum += tags.ToArray().Any(tag => tag.Value as string == kind) ? value : 0);
        meters.Start();
        meters.RecordObservableInstruments();
        return sum;
    }

    public WorkflowStatus Status(string runId) => Tracker.GetStatus(runId) ?? throw new InvalidOperationException($"There is no run '{runId}'.");

    public void Dispose()
    {
        Tracker.Dispose();
        Source.Dispose();
    }
}
