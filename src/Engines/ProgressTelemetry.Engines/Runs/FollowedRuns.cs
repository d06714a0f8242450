using System.Collections.Concurrent;

namespace ProgressTelemetry.Runs;

/// <summary>The runs that spans tell of, by id: the live ones, and when the last ended.</summary>
internal sealed class FollowedRuns : ProgressListener, IDisposable
{
    private const int MostEnded = 10_000;
    private readonly ProgressTracker _tracker;
    private readonly ConcurrentDictionary<string, FollowedRun> _live = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _endedInOrder = new();
    private readonly IDisposable _subscription;
    private readonly Lock _starting = new();

    public FollowedRuns(ProgressTracker tracker)
    {
        _tracker = tracker;
        _subscription = tracker.Subscribe(this);
    }

    public override bool HearsTasks => false;

    public int Count => _live.Count;

    public FollowedRun? Find(string id) => _live.TryGetValue(id, out var run) && !run.IsEnded ? run : null;

    /// <summary>The live run of an id, or a new one; null when the span is one of a run that has ended since: a start that was replayed, or that was heard of late.</summary>
    public FollowedRun? FindOrStart(string id, string workflow, DateTimeOffset at, WorkflowStage? parent)
    {
        if (Find(id) is { } known)
        {
            return known;
        }

        lock (_starting)
        {
            if (Find(id) is { } meanwhile)
            {
                return meanwhile;
            }

            if (_ended.TryGetValue(id, out var ended) && at <= ended)
            {
                return null;
            }

            // Whoever else tells of a run of that id owns it; spans add what they know.
            var run = new FollowedRun(_tracker.StartWorkflow(workflow, new WorkflowRunOptions
            {
                RunId = id,
                HasSpans = false,
                IsOpenEnded = true,
                StartedAt = at,
                ParentStage = parent is { Run.IsEnded: false } ? parent : null,
                WhenLive = WhenLive.Join,
            }));
            _live[id] = run;
            return run;
        }
    }

    public void End(string id, RunEnd end, FollowedTask? saidBy)
    {
        if (Find(id) is { } run)
        {
            Ended(id, end.At);
            run.End(end, saidBy);
        }
    }

    /// <summary>However a run ended (abandoned, say), it isn't kept.</summary>
    public override void OnRunEnded(WorkflowRun run, WorkflowStatus final)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (_live.TryGetValue(run.Id, out var followed))
        {
            Forget(run.Id, followed);
            return;
        }

        // The tracker shortens long ids.
        foreach (var (id, other) in _live)
        {
            Forget(id, other);
        }
    }

    public void Dispose() => _subscription.Dispose();

    private void Ended(string id, DateTimeOffset at)
    {
        if (_ended.TryAdd(id, at))
        {
            _endedInOrder.Enqueue(id);
        }
        else
        {
            _ended[id] = at;
        }

        while (_ended.Count > MostEnded && _endedInOrder.TryDequeue(out var oldest))
        {
            _ended.TryRemove(oldest, out _);
        }
    }

    private void Forget(string id, FollowedRun run)
    {
        if (run.IsEnded)
        {
            _live.TryRemove(KeyValuePair.Create(id, run));
        }
    }
}
