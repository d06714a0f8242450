using BenchmarkDotNet.Attributes;

namespace ProgressTelemetry.Benchmarks;

/// <summary>What the tracked work pays for a task when runs are stored: with no store, with one at once, and with one that takes 2 s a call.</summary>
[Config(typeof(InProcessConfig))]
public class StoreBenchmarks
{
    private ProgressTracker _tracker = null!;
    private WorkflowStage _stage = null!;

    /// <summary>What keeps the runs.</summary>
    [Params(StoreKind.None, StoreKind.Quick, StoreKind.Slow)]
    public StoreKind Store { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _tracker = new ProgressTracker(store: Store switch
        {
            StoreKind.None => null,
            StoreKind.Quick => new InMemoryRunStore(),
            _ => new TroubledStore(token => Task.Delay(TimeSpan.FromSeconds(2), token)),
        });
        _stage = _tracker.StartWorkflow("benchmark", new WorkflowRunOptions { Milestones = Milestone.Quarters }).StartStage("stage", 1L << 50);
    }

    [GlobalCleanup]
    public void CleanUp() => _tracker.Dispose();

    [Benchmark(OperationsPerInvoke = 1000)]
    public void CompleteTask()
    {
        for (var i = 0; i < 1000; i++)
        {
            _stage.CompleteTask();
        }
    }

    /// <summary>Kinds of stores.</summary>
    public enum StoreKind
    {
        /// <summary>Runs are not stored.</summary>
        None,

        /// <summary>A store in memory.</summary>
        Quick,

        /// <summary>One that takes 2 s a call.</summary>
        Slow,
    }
}
