using BenchmarkDotNet.Attributes;

namespace ProgressTelemetry.Benchmarks;

/// <summary>A million tasks of one stage, shared out among one or two threads.</summary>
[Config(typeof(InProcessConfig))]
public class ContentionBenchmarks
{
    private const int Tasks = 1_000_000;
    private ProgressTracker _tracker = null!;
    private WorkflowStage _stage = null!;

    /// <summary>Threads at work.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _tracker = new ProgressTracker();
        _stage = _tracker.StartWorkflow("benchmark").StartStage("stage", 1L << 50);
    }

    [GlobalCleanup]
    public void CleanUp() => _tracker.Dispose();

    [Benchmark(OperationsPerInvoke = Tasks)]
    public void CompleteTask()
    {
        var threads = new Thread[Threads];
        for (var i = 0; i < Threads; i++)
        {
            threads[i] = new Thread(() =>
            {
                for (var task = 0; task < Tasks / Threads; task++)
                {
                    _stage.CompleteTask();
                }
            });
            threads[i].Start();
        }

        Array.ForEach(threads, t => t.Join());
    }
}
