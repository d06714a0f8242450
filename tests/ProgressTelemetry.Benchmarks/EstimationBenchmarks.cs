using BenchmarkDotNet.Attributes;
using ProgressTelemetry.Model;
using ProgressTelemetry.Tests.Estimation;

namespace ProgressTelemetry.Benchmarks;

/// <summary>One prediction and one bottleneck, half way through a run, with five earlier runs.</summary>
[Config(typeof(InProcessConfig))]
public class PredictionBenchmarks
{
    private const int TasksPerStage = 10;

    private TestRun _run = null!;
    private RunProfile[] _history = [];
    private double _now;

    [Params(5, 60, 1000)]
    public int Stages { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _history = [.. Enumerable.Range(0, InMemoryRunHistory.DefaultProfilesPerWorkflow).Select(_ => Play(new TestRun(), 1).ToProfile(Stages * TasksPerStage, null))];
        _run = Play(new TestRun(), .5);
        _now = Stages * TasksPerStage * .5;
    }

    [Benchmark(Baseline = true)]
    public double PredictCold() => _run.Predict(_now, [])!.Value.Expected;

    [Benchmark]
    public double PredictWithFiveProfiles() => _run.Predict(_now, _history)!.Value.Expected;

    [Benchmark]
    public double FindBottleneck() => _run.FindBottleneck(_now, _history).Share;

    [Benchmark]
    public double SilenceLimit() => _run.SilenceLimit(_history);

    private TestRun Play(TestRun run, double share)
    {
        for (var i = 0; i < Stages; i++)
            run.AddStage($"stage {i}", TasksPerStage);
        var t = 0;
        foreach (var stage in run.Stages.Take((int)(Stages * share)))
        {
            for (var i = 0; i < TasksPerStage; i++)
                run.Complete(stage, t + 1, run.Start(stage, t++));
        }

        return run;
    }
}

/// <summary>One task's start and completion in the model, of a run with sixty stages.</summary>
[Config(typeof(InProcessConfig))]
public class EstimationEventBenchmarks
{
    private TestRun _run = null!;
    private Stage _stage = null!;
    private double _t;

    [IterationSetup]
    public void Prepare()
    {
        _run = new TestRun();
        for (var i = 0; i < 60; i++)
            _run.AddStage($"stage {i}", Tasks);
        _stage = _run.Stages[30];
        _t = 0;
    }

    private const int Tasks = 1_000_000;

    [Benchmark(OperationsPerInvoke = Tasks)]
    public void StartAndComplete()
    {
        for (var i = 0; i < Tasks; i++)
        {
            var started = _run.Start(_stage, _t);
            _run.Complete(_stage, _t += 1e-3, started);
        }
    }
}
