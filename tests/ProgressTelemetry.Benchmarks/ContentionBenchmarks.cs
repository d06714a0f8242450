using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Prometheus;

namespace ProgressTelemetry.Benchmarks;

/// <summary>What a task costs, by the wall clock, when several threads share one stage; beside what the SDK and prometheus-net ask for one count or one duration of one series.</summary>
[Config(typeof(InProcessConfig))]
public class ContentionBenchmarks
{
    private const int Operations = 400_000;
    private const string ReferenceMeter = "ProgressTelemetry.Benchmarks.Contention";

#pragma warning disable RS0030 // A meter of the benchmark's own
    private readonly Meter _meter = new(ReferenceMeter);
#pragma warning restore RS0030
    private Counter<long> _sdkCounter = null!;
    private Histogram<double> _sdkHistogram = null!;
    private Prometheus.Counter.Child _child = null!;
    private MeterProvider _provider = null!;
    private ProgressTracker _tracker = null!;
    private WorkflowStage _stage = null!;

    /// <summary>Threads at work.</summary>
    [Params(1, 2, 4, 16)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _sdkCounter = _meter.CreateCounter<long>("reference.counter");
        _sdkHistogram = _meter.CreateHistogram<double>("reference.histogram");
        _child = Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()).CreateCounter("reference", "", "workflow_name", "workflow_stage_name").WithLabels("benchmark", "stage");
        _provider = Sdk.CreateMeterProviderBuilder().AddProgressTracking().AddMeter(ReferenceMeter).AddReader(new BaseExportingMetricReader(new NoExporter())).Build();
        _tracker = new ProgressTracker();
        _stage = _tracker.StartWorkflow("benchmark").StartStage("stage", 1L << 50);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _provider.Dispose();
        _tracker.Dispose();
        _meter.Dispose();
    }

    [Benchmark(Baseline = true, Description = "prometheus-net child.Inc()", OperationsPerInvoke = Operations)]
    public void PrometheusNet() => OnThreads(times =>
    {
        for (var i = 0; i < times; i++)
        {
            _child.Inc();
        }
    });

    [Benchmark(Description = "SDK Counter.Add, two tags", OperationsPerInvoke = Operations)]
    public void SdkCounter() => OnThreads(times =>
    {
        for (var i = 0; i < times; i++)
        {
            _sdkCounter.Add(1, new("workflow.name", "benchmark"), new("workflow.stage.name", "stage"));
        }
    });

    [Benchmark(Description = "CompleteTask()", OperationsPerInvoke = Operations)]
    public void CompleteTask() => OnThreads(times =>
    {
        for (var i = 0; i < times; i++)
        {
            _stage.CompleteTask();
        }
    });

    [Benchmark(Description = "SDK Histogram.Record, two tags", OperationsPerInvoke = Operations)]
    public void SdkHistogram() => OnThreads(times =>
    {
        for (var i = 0; i < times; i++)
        {
            _sdkHistogram.Record(.5, new("workflow.name", "benchmark"), new("workflow.stage.name", "stage"));
        }
    });

    [Benchmark(Description = "StartTask() ... Complete()", OperationsPerInvoke = Operations)]
    public void TimedTask() => OnThreads(times =>
    {
        for (var i = 0; i < times; i++)
        {
            using var task = _stage.StartTask();
            task.Complete();
        }
    });

    private void OnThreads(Action<int> work)
    {
        var threads = new Thread[Threads];
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(() => work(Operations / Threads));
            threads[i].Start();
        }

        Array.ForEach(threads, t => t.Join());
    }
}
