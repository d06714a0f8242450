using System.Diagnostics.Metrics;
using ProgressTelemetry.Signals;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Tests.Support;

/// <summary>A tracker on a manual clock, with meters of its own, whose log and metrics can be read.</summary>
internal sealed class TrackerFixture : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly Lock _gate = new();
    private List<Reading> _readings = [];

    public TrackerFixture(Action<ProgressTrackingOptions>? configure = null, params ProgressListener[] listeners)
        : this(configure, store: null, new ManualTimeProvider(), listeners)
    {
    }

    public TrackerFixture(IRunStore store, ManualTimeProvider clock, Action<ProgressTrackingOptions>? configure = null)
        : this(configure, store, clock, [])
    {
    }

    private TrackerFixture(Action<ProgressTrackingOptions>? configure, IRunStore? store, ManualTimeProvider clock, ProgressListener[] listeners)
    {
        Clock = clock;
        var options = new ProgressTrackingOptions();
        configure?.Invoke(options);
        Tracker = new ProgressTracker(options, Clock, Log, history: null, listeners, Suffix, store);
        foreach (var listener in listeners.OfType<RecordingListener>())
        {
            listener.Tracker = Tracker;
        }

        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.EndsWith(Suffix, StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _meters.Start();
    }

    public ManualTimeProvider Clock { get; }

    public RecordingLoggerFactory Log { get; } = new();

    public string Suffix { get; } = "." + Guid.NewGuid().ToString("N");

    public ProgressTracker Tracker { get; }

    /// <summary>What the observable instruments tell now; and what histograms were told since the last collection.</summary>
    public IReadOnlyList<Reading> Collect()
    {
        _meters.RecordObservableInstruments();
        lock (_gate)
        {
            var all = _readings;
            _readings = [];
            return all;
        }
    }

    /// <summary>The sum of an instrument's values over the label sets that have all of <paramref name="tags"/>.</summary>
    public double Sum(string instrument, params (string Key, string Value)[] tags) =>
        Collect().Where(r => r.Instrument.Name == instrument && r.Has(tags)).Sum(r => r.Value);

    public double Errors(string kind) => Sum(SignalNames.Tracker.Errors, (SignalNames.Attributes.ErrorType, kind));

    public void Advance(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    public void Dispose()
    {
        _meters.Dispose();
        Tracker.Dispose();
        Log.Dispose();
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            _readings.Add(new Reading(instrument, value, tags.ToArray()));
        }
    }
}

/// <summary>One measurement.</summary>
internal sealed record Reading(Instrument Instrument, double Value, KeyValuePair<string, object?>[] Tags)
{
    public string? this[string key] => Tags.FirstOrDefault(tag => tag.Key == key).Value?.ToString();

    public bool Has((string Key, string Value)[] tags) => tags.All(tag => this[tag.Key] == tag.Value);
}
