using ProgressTelemetry.Tests.Estimation;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Tests.Tracking;

/// <summary>Plays a recorded run through the public tracker under a driven clock: its stages planned, its tasks timed.</summary>
internal sealed class TracePlayer(ManualTimeProvider clock, ProgressTracker tracker)
{
    private readonly Dictionary<string, WorkflowStage> _stages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WorkflowTask> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _left = new(StringComparer.Ordinal);
    private long _began;

    /// <summary>Whether a stage is ended with its last task, as work in stages does; else the run's end ends it.</summary>
    public bool CompletesStages { get; init; }

    public string Workflow { get; init; } = "trace";

    /// <summary>Plays the whole trace and completes the run; <paramref name="look"/> sees it at each of the given shares of its duration, before the events after that moment.</summary>
    public WorkflowRun Play(Trace trace, WorkflowRunOptions options, IEnumerable<double>? shares = null, Action<double, WorkflowRun>? look = null)
    {
        var run = Start(trace, options);
        var due = new Queue<double>(shares ?? []);
        foreach (var e in trace.Events)
        {
            while (due.TryPeek(out var share) && share * trace.Duration < e.T)
            {
                GoTo(due.Dequeue() * trace.Duration);
                look?.Invoke(share, run);
            }

            Play(run, e);
        }

        while (due.TryDequeue(out var share))
        {
            look?.Invoke(share, run);
        }

        run.Complete();
        return run;
    }

    public WorkflowRun Start(Trace trace, WorkflowRunOptions options)
    {
        options.Stages = options.Stages.Count > 0 ? options.Stages : [.. trace.Sizes.Select(s => new PlannedStage(s.Stage, s.Tasks))];
        foreach (var (stage, tasks) in trace.Sizes)
        {
            _left[stage] = tasks;
        }

        _began = clock.GetTimestamp();
        return tracker.StartWorkflow(Workflow, options);
    }

    public void Play(WorkflowRun run, TraceEvent e)
    {
        GoTo(e.T);
        if (e.IsStart)
        {
            if (!_stages.TryGetValue(e.Stage, out var stage))
            {
                _stages[e.Stage] = stage = run.StartStage(e.Stage);
            }

            _tasks[e.Task] = stage.StartTask();
            return;
        }

        _tasks[e.Task].Complete();
        if (--_left[e.Stage] == 0 && CompletesStages)
        {
            _stages[e.Stage].Complete();
        }
    }

    /// <summary>Moves the clock to <paramref name="seconds"/> after the run's start, if it isn't past that.</summary>
    public void GoTo(double seconds)
    {
        var ticks = _began + (long)Math.Round(seconds * TimeSpan.TicksPerSecond) - clock.GetTimestamp();
        clock.Advance(TimeSpan.FromTicks(Math.Max(0, ticks)));
    }
}
