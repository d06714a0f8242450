using System.Diagnostics.Metrics;

namespace ProgressTelemetry.Signals;

/// <summary>Makes instruments from their definitions.</summary>
internal static class Instruments
{
#pragma warning disable RS0030 // The one place where meters are made
    public static Meter NewMeter(string name, IEnumerable<KeyValuePair<string, object?>>? tags = null) => new(new MeterOptions(name)
    {
        Version = SignalNames.Version,
        TelemetrySchemaUrl = SignalNames.SchemaUrl,
        Tags = tags,
    });
#pragma warning restore RS0030

    public static void Observe<T>(this Meter meter, string name, Func<IEnumerable<Measurement<T>>> read)
        where T : struct
    {
        var definition = SignalCatalogue.Find(name);
        var unit = definition.Unit.Length > 0 ? definition.Unit : null;
        _ = definition.Kind switch
        {
            InstrumentKind.Counter => (Instrument)meter.CreateObservableCounter(name, read, unit, definition.Description),
            InstrumentKind.UpDownCounter => meter.CreateObservableUpDownCounter(name, read, unit, definition.Description),
            InstrumentKind.Gauge => meter.CreateObservableGauge(name, read, unit, definition.Description),
            _ => throw new InvalidOperationException($"{name} is not observable"),
        };
    }

    /// <summary>A histogram with boundaries for its range: the SDK's default ones are made for milliseconds.</summary>
    public static Histogram<double> Histogram(this Meter meter, string name, params double[] boundaries)
    {
        var definition = SignalCatalogue.Find(name);
        return meter.CreateHistogram(name, definition.Unit, definition.Description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
    }
}
