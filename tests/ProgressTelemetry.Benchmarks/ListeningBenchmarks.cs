using BenchmarkDotNet.Attributes;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ProgressTelemetry.Benchmarks;

/// <summary>What tasks, milestones, stages and runs cost, by who listens.</summary>
[Config(typeof(InProcessConfig))]
public class ListeningBenchmarks
{
    private const int Hundred = 100;
    private static readonly WorkflowRunOptions s_milestones = new() { Milestones = [.. Enumerable.Range(1, Hundred).Select(i => new Milestone($"{i} %", i / (double)Hundred))] };
    private readonly List<IDisposable> _ends = [];
    private ProgressTracker _tracker = null!;
    private WorkflowRun _run = null!;
    private WorkflowStage _counted = null!;
    private WorkflowStage _timed = null!;

    /// <summary>Who listens.</summary>
    [Params("nobody", "metrics", "metrics and traces", "traces not sampled", "metrics and a listener")]
    public string Listening { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        if (Listening.StartsWith("metrics", StringComparison.Ordinal))
        {
            _ends.Add(Sdk.CreateMeterProviderBuilder().AddProgressTracking().AddReader(new BaseExportingMetricReader(new NoExporter())).Build());
        }

        if (Listening.Contains("traces", StringComparison.Ordinal))
        {
            Sampler sampler = Listening == "traces not sampled" ? new AlwaysOffSampler() : new AlwaysOnSampler();
            _ends.Add(Sdk.CreateTracerProviderBuilder().AddProgressTracking().SetSampler(sampler).Build());
        }

        _tracker = new ProgressTracker();
        if (Listening == "metrics and a listener")
        {
            _ends.Add(_tracker.Subscribe(new Listener()));
        }

        _run = _tracker.StartWorkflow("benchmark", new WorkflowRunOptions { Milestones = Milestone.Quarters });
        _counted = _tracker.StartWorkflow("counted", new WorkflowRunOptions { Milestones = Milestone.Quarters }).StartStage("stage", 1L << 50);
        _timed = _tracker.StartWorkflow("timed", new WorkflowRunOptions { Milestones = Milestone.Quarters }).StartStage("stage", 1L << 50);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _ends.ForEach(e => e.Dispose());
        _tracker.Dispose();
    }

    [Benchmark(Baseline = true, Description = "CompleteTask()")]
    public void CompleteTask() => _counted.CompleteTask();

    [Benchmark(Description = "StartTask() ... Complete()")]
    public void TimedTask()
    {
        using var task = _timed.StartTask();
        task.Complete();
    }

    /// <summary>The run that the milestones belong to is a hundredth of each.</summary>
    [Benchmark(Description = "a task that reaches a milestone", OperationsPerInvoke = Hundred)]
    public void Milestones()
    {
        var run = _tracker.StartWorkflow("milestones", s_milestones);
        var stage = run.StartStage("stage", Hundred);
        for (var i = 0; i < Hundred; i++)
        {
            stage.CompleteTask();
        }

        run.Complete();
    }

    [Benchmark(Description = "a stage from start to end")]
    public void Stage() => _run.StartStage("stage").Complete();

    [Benchmark(Description = "a run of one stage from start to end")]
    public void Run()
    {
        var run = _tracker.StartWorkflow("short");
        run.StartStage("stage").Complete();
        run.Complete();
    }

    private sealed class Listener : ProgressListener;
}
