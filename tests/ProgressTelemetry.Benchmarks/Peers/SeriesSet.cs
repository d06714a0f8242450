using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using Prometheus;

namespace ProgressTelemetry.Benchmarks.Peers;

/// <summary>So many series of a kind, the same for every peer: two labels, values as a busy app has them.</summary>
internal sealed record SeriesSet(SeriesKind Kind, int Count)
{
    private const int Workflows = 100;
    private const int MeasurementsPerHistogram = 20;
    private static readonly double[] Bounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];

    public override string ToString() => FormattableString.Invariant($"{Count:N0} {(Kind == SeriesKind.ExponentialHistograms ? "exponential histograms" : Kind.ToString().ToLowerInvariant())}");

    /// <summary>Lets a provider keep all of them, and histograms be exponential where they are to be.</summary>
    public MeterProviderBuilder Configure(MeterProviderBuilder builder, Meter meter) => builder.AddMeter(meter.Name).AddView(_ => Kind == SeriesKind.ExponentialHistograms
        ? new Base2ExponentialBucketHistogramConfiguration { CardinalityLimit = Count + 10 }
        : new MetricStreamConfiguration { CardinalityLimit = Count + 10 });

    public void Record(Meter meter)
    {
        var tags = Enumerable.Range(0, Count)
            .Select(i => new KeyValuePair<string, object?>[] { new("workflow.name", Workflow(i)), new("workflow.stage.name", Stage(i)) })
            .ToArray();
        switch (Kind)
        {
            case SeriesKind.Counters:
                var counter = meter.CreateCounter<long>("workflow.stage.tasks", "{task}", "Tasks that ended.");
                Array.ForEach(tags, t => counter.Add(1_234, t));
                break;
            case SeriesKind.Gauges:
                var measurements = tags.Select((t, i) => new Measurement<double>(Gauge(i), t)).ToArray();
                meter.CreateObservableGauge("workflow.stage.throughput", () => measurements, "{task}/s", "Tasks each second.");
                break;
            default:
                var histogram = meter.CreateHistogram<double>("workflow.stage.duration", "s", "How long a stage took.");
                foreach (var t in tags)
                {
                    ForEachMeasurement(value => histogram.Record(value, t));
                }

                break;
        }
    }

    public void Record(MetricFactory metrics)
    {
        string[] labels = ["workflow_name", "workflow_stage_name"];
        switch (Kind)
        {
            case SeriesKind.Counters:
                var counter = metrics.CreateCounter("workflow_stage_tasks_total", "Tasks that ended.", labels);
                ForEachSeries((i, values) => counter.WithLabels(values).Inc(1_234));
                break;
            case SeriesKind.Gauges:
                var gauge = metrics.CreateGauge("workflow_stage_throughput_per_second", "Tasks each second.", labels);
                ForEachSeries((i, values) => gauge.WithLabels(values).Set(Gauge(i)));
                break;
            case SeriesKind.Histograms:
                var histogram = metrics.CreateHistogram("workflow_stage_duration_seconds", "How long a stage took.", labels, new Prometheus.HistogramConfiguration { Buckets = Bounds });
                ForEachSeries((_, values) =>
                {
                    var child = histogram.WithLabels(values);
                    ForEachMeasurement(value => child.Observe(value));
                });
                break;
            default:
                // prometheus-net has none.
                break;
        }
    }

    private static string Workflow(int i) => $"workflow-{i % Workflows}";

    private static string Stage(int i) => $"stage-{i}";

    /// <summary>A number with as many digits as a double can have, which is what rates have.</summary>
    private static double Gauge(int i) => i / 7.0;

    private static void ForEachMeasurement(Action<double> record)
    {
        for (var i = 1; i <= MeasurementsPerHistogram; i++)
        {
            record(i * 17.5);
        }
    }

    private void ForEachSeries(Action<int, string[]> record)
    {
        for (var i = 0; i < Count; i++)
        {
            record(i, [Workflow(i), Stage(i)]);
        }
    }
}
