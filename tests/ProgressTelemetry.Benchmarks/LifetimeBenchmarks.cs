using BenchmarkDotNet.Attributes;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ProgressTelemetry.Benchmarks;

/// <summary>What starting and ending runs and stages costs, by who listens.</summary>
[Config(typeof(InProcessConfig))]
public class LifetimeBenchmarks
{
    private readonly List<IDisposable> _ends = [];
    private ProgressTracker _tracker = null!;
    private WorkflowRun _run = null!;

    /// <summary>Who listens.</summary>
    [Params("nobody", "metrics", "metrics and traces", "traces not sampled")]
    public string Listening { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        if (Listening.StartsWith("metrics", StringComparison.Ordinal))
        {
            _ends.Add(Sdk.CreateMeterProviderBuilder().AddProgressTracking().AddReader(new PeriodicExportingMetricReader(new NoExporter(), int.MaxValue)).Build());
        }

        if (Listening.Contains("traces", StringComparison.Ordinal))
        {
            Sampler sampler = Listening == "traces not sampled" ? new AlwaysOffSampler() : new AlwaysOnSampler();
            _ends.Add(Sdk.CreateTracerProviderBuilder().AddProgressTracking().SetSampler(sampler).Build());
        }

        _tracker = new ProgressTracker();
        _run = _tracker.StartWorkflow("benchmark");
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _ends.ForEach(e => e.Dispose());
        _tracker.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void StageFromStartToEnd() => _run.StartStage("stage").Complete();

    [Benchmark]
    public void RunWithOneStageFromStartToEnd()
    {
        var run = _tracker.StartWorkflow("short");
        run.StartStage("stage").Complete();
        run.Complete();
    }

    private sealed class NoExporter : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
