using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ProgressTelemetry.Benchmarks;

/// <summary>
/// What the tracked work pays for a task, with everything on (a meter provider, a tracer provider that samples, the estimator), beside one <c>Counter.Add</c> of the SDK with two tags.
/// </summary>
[Config(typeof(InProcessConfig))]
public class HotPathBenchmarks
{
    private const string ReferenceMeter = "ProgressTelemetry.Benchmarks.Reference";

#pragma warning disable RS0030 // A meter of the benchmark's own
    private readonly Meter _meter = new(ReferenceMeter);
#pragma warning restore RS0030
    private readonly List<IDisposable> _ends = [];
    private readonly List<WorkflowRun> _others = [];
    private Counter<long> _counter = null!;
    private Histogram<double> _histogram = null!;
    private ProgressTracker _tracker = null!;
    private WorkflowStage _stage = null!;
    private WorkflowStage _heardStage = null!;
    private IDisposable? _subscription;
    private long _bare;

    /// <summary>How many other runs are live meanwhile.</summary>
    [Params(1, 10_000, 100_000)]
    public int ActiveRuns { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _counter = _meter.CreateCounter<long>("reference.counter");
        _histogram = _meter.CreateHistogram<double>("reference.histogram");
        _ends.Add(Sdk.CreateMeterProviderBuilder()
            .AddProgressTracking()
            .AddMeter(ReferenceMeter)
            .AddReader(new BaseExportingMetricReader(new NoExporter()))
            .Build());
        _ends.Add(Sdk.CreateTracerProviderBuilder().AddProgressTracking().SetSampler(new AlwaysOnSampler()).Build());
        _tracker = new ProgressTracker();
        for (var i = 1; i < ActiveRuns; i++)
        {
            var other = _tracker.StartWorkflow("other");
            other.StartStage("stage", 1000).CompleteTask();
            _others.Add(other);
        }

        _stage = _tracker.StartWorkflow("benchmark", new WorkflowRunOptions { Milestones = Milestone.Quarters }).StartStage("stage", 1L << 50);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _ends.ForEach(e => e.Dispose());
        _tracker.Dispose();
        _meter.Dispose();
    }

    [Benchmark(Baseline = true, Description = "SDK Counter.Add, two tags")]
    public void CounterAdd() => _counter.Add(1, new("workflow.name", "benchmark"), new("workflow.stage.name", "stage"));

    [Benchmark(Description = "SDK Histogram.Record, two tags")]
    public void HistogramRecord() => _histogram.Record(.5, new("workflow.name", "benchmark"), new("workflow.stage.name", "stage"));

    [Benchmark(Description = "Interlocked.Increment")]
    public long Increment() => Interlocked.Increment(ref _bare);

    [Benchmark(Description = "CompleteTask()")]
    public void CompleteTask() => _stage.CompleteTask();

    [Benchmark(Description = "StartTask() ... Complete()")]
    public void TimedTask()
    {
        using var task = _stage.StartTask();
        task.Complete();
    }

    [GlobalSetup(Target = nameof(CompleteTaskWithListener))]
    public void PrepareListener()
    {
        Prepare();
        _subscription = _tracker.Subscribe(new Listener());
        _heardStage = _tracker.StartWorkflow("heard").StartStage("stage", 1L << 50);
    }

    [GlobalCleanup(Target = nameof(CompleteTaskWithListener))]
    public void CleanUpListener()
    {
        _subscription?.Dispose();
        CleanUp();
    }

    [Benchmark(Description = "CompleteTask() with a listener")]
    public void CompleteTaskWithListener() => _heardStage.CompleteTask();

    private sealed class Listener : ProgressListener;
}
