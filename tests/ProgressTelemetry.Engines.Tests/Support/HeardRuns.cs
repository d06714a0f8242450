using System.Collections.Concurrent;

namespace ProgressTelemetry.EnginesTests.Support;

/// <summary>Writes down what a tracker tells of runs, as it is told.</summary>
internal sealed class HeardRuns : ProgressListener
{
    private readonly ConcurrentQueue<string> _all = new();
    private readonly ConcurrentQueue<WorkflowStatus> _ended = new();
    private readonly Lock _gate = new();
    private readonly List<(Func<bool> Condition, TaskCompletionSource Done)> _waiting = [];

    public ProgressTracker? Tracker { get; set; }

    /// <summary>All of it, in order, once the tracker has told all that happened.</summary>
    public IReadOnlyList<string> All
    {
        get
        {
            Drain();
            return [.. _all];
        }
    }

    /// <summary>The runs that ended, as they did.</summary>
    public IReadOnlyList<WorkflowStatus> Ended
    {
        get
        {
            Drain();
            return [.. _ended];
        }
    }

    /// <summary>Waits until so many runs ended.</summary>
    public async Task<IReadOnlyList<WorkflowStatus>> EndedAsync(int runs)
    {
        await Until(() => _ended.Count >= runs);
        return Ended;
    }

    /// <summary>Waits until something was heard.</summary>
    public Task HeardAsync(string what) => Until(() => _all.Contains(what));

    public override void OnRunStarted(WorkflowRun run) => Hear($"run {run.Workflow} started");

    public override void OnRunEnded(WorkflowRun run, WorkflowStatus final)
    {
        _ended.Enqueue(final);
        Hear($"run {run.Workflow} ended {final.Result}");
    }

    public override void OnStageStarted(WorkflowStage stage) => Hear($"stage {stage.Name} started");

    public override void OnStageEnded(WorkflowStage stage, WorkflowResult result) => Hear($"stage {stage.Name} ended {result}");

    public override void OnRevision(WorkflowStage stage, string? reason, string? version) => Hear($"revision {stage.Name} {reason}");

    private void Drain() => Tracker?.DrainAsync().Wait(Following.Patience);

    private Task Until(Func<bool> condition)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (condition())
            {
                return Task.CompletedTask;
            }

            _waiting.Add((condition, done));
        }

        return done.Task.WaitAsync(Following.Patience);
    }

    private void Hear(string what)
    {
        _all.Enqueue(what);
        lock (_gate)
        {
            foreach (var (condition, done) in _waiting)
            {
                if (condition())
                {
                    done.TrySetResult();
                }
            }

            _waiting.RemoveAll(waiting => waiting.Done.Task.IsCompleted);
        }
    }
}
