using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace ProgressTelemetry.Exporter.Prometheus.Tests.Fuzz;

/// <summary>Instruments, names, attributes and values at random, chosen to meet and to hurt.</summary>
internal sealed class RandomMetrics(int seed) : IDisposable
{
    private static readonly string[] Names = ["a.b", "a_b", "a-b", "a.b.total", "a.b.count", "a.b.bucket", "a/b", "x", "x.seconds", "x_ratio", "Long.Name-With/All_9", "target.info", "z__z", "c.made"];
    private static readonly string?[] Units = [null, "", "s", "ms", "1", "By", "{thing}", "{thing}/s", "By/s", "%", "{", "a b", "1/s"];
    private static readonly string[] Keys = ["k", "a.b", "a_b", "le", "quantile", "otel_scope_name", "otel.scope.version", "otel_scope_k", "schema.url", "name", "__name__", "trace_id", "9", "ü.ö", "k\"ey", "", "job", "instance", "very.long.key.that.goes.on"];
    private static readonly string[] Texts = ["", "v", "1", "true", "with \"quotes\"", "back\\slash", "new\nline", "\r\t", "ünïcödé 😱", "\ud800", "\udc00", "{}=,#", " ", "\\n", "nul\0nul", new string('x', 300)];
    private static readonly double[] Numbers = [0, -0.0, 1, 0.1, 1e-320, 1e300, double.MaxValue, 1.2e308, 123456789.125, double.NaN, double.PositiveInfinity, 9007199254740993];
    private readonly Random _random = new(seed);
    private readonly List<Meter> _meters = [];

    public string Prefix { get; } = $"fuzz{seed}-{Guid.NewGuid():N}.";

    public MeterProviderBuilder Configure(MeterProviderBuilder builder) => builder
        .AddMeter(Prefix + "*")
        .SetExemplarFilter(_random.Next(2) == 0 ? ExemplarFilterType.AlwaysOff : ExemplarFilterType.AlwaysOn)
        .AddView(View);

    public void Record()
    {
        for (var i = _random.Next(1, 5); i > 0; i--)
        {
            var meter = new Meter(new MeterOptions(Prefix + Pick(Texts[1..5]))
            {
                Version = Pick([null, "", "1.0", "2\"x\""]),
                Tags = _random.Next(2) == 0 ? null : Tags(),
                TelemetrySchemaUrl = Pick([null, "https://example.org/1"]),
            });
            _meters.Add(meter);
            for (var j = _random.Next(1, 6); j > 0; j--)
            {
                RecordInstrument(meter);
            }
        }
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());

    private static MetricStreamConfiguration? View(Instrument instrument) => instrument switch
    {
        { Name: "x" } => new MetricStreamConfiguration { TagKeys = ["k", "a.b"] },
        { Name: "a.b" or "z__z" or "a/b" } when instrument is Histogram<double> or Histogram<long> => new Base2ExponentialBucketHistogramConfiguration { MaxSize = 20 },
        { Name: "x.seconds" } when instrument is Histogram<double> or Histogram<long> => new ExplicitBucketHistogramConfiguration { Boundaries = [] },
        { Name: "a-b" } when instrument is Histogram<double> or Histogram<long> => new ExplicitBucketHistogramConfiguration { Boundaries = [-1, 1], RecordMinMax = false },
        _ => null,
    };

    private void RecordInstrument(Meter meter)
    {
        var (name, unit, description) = (Pick(Names), Pick(Units), Pick(["", "Plain.", "\"Quoted\" \\ and\nbroken", "# HELP x y"]));
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = Pick<double[]>([[1, 2.5, 1000000], [-1, 0, 0.005], [0, 5], [1e-9]]) };
        Action<double, KeyValuePair<string, object?>[]> record = _random.Next(7) switch
        {
            0 => Of(meter.CreateCounter<long>(name, unit, description), static (counter, value, tags) => counter.Add((long)Math.Min(Math.Abs(value), 1e15), tags)),
            1 => Of(meter.CreateCounter<double>(name, unit, description), static (counter, value, tags) => counter.Add(Math.Abs(value), tags)),
            2 => Of(meter.CreateUpDownCounter<double>(name, unit, description), static (counter, value, tags) => counter.Add(-value, tags)),
            3 => Of(meter.CreateGauge<double>(name, unit, description), static (gauge, value, tags) => gauge.Record(-value, tags)),
            4 => Of(meter.CreateGauge<int>(name, unit, description), static (gauge, value, tags) => gauge.Record((int)value, tags)),
            _ => Of(meter.CreateHistogram(name, unit, description, null, advice), static (histogram, value, tags) => histogram.Record(value == 0.1 ? -2 : value, tags)),
        };
        for (var i = _random.Next(1, 20); i > 0; i--)
        {
            using var activity = _random.Next(2) == 0 ? null : new Activity("fuzz").SetIdFormat(ActivityIdFormat.W3C).Start();
            record(_random.Next(3) == 0 ? Pick(Numbers) : _random.NextDouble() * Math.Pow(10, _random.Next(-3, 6)), Tags());
        }
    }

    private static Action<double, KeyValuePair<string, object?>[]> Of<T>(T instrument, Action<T, double, KeyValuePair<string, object?>[]> record) =>
        (value, tags) => record(instrument, value, tags);

    private KeyValuePair<string, object?>[] Tags() =>
        [.. Enumerable.Range(0, _random.Next(4)).Select(_ => KeyValuePair.Create(Pick(Keys), Value()))];

    private object? Value() => _random.Next(10) switch
    {
        0 => 1,
        1 => (long)_random.Next(3),
        2 => _random.Next(2) == 0,
        3 => Pick(Numbers),
        4 => Pick<object?>([null, new[] { "x", null, "\"" }, new[] { 1.5, double.NaN }, 'c', (byte)7, new[] { true }, new[] { "\ud800" }, new byte[] { 1, 250 }, new object?[] { null, new[] { 1L } }, new ThrowingText(), DayOfWeek.Friday, Guid.Empty]),
        _ => Pick(Texts),
    };

    private T Pick<T>(T[] items) => items[_random.Next(items.Length)];
}
