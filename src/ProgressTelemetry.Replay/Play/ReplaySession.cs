using ProgressTelemetry.Replay.Formats;

namespace ProgressTelemetry.Replay.Play;

/// <summary>One replay: the earlier traces that the tracker learns from, then the trace itself, all on one clock.</summary>
public sealed class ReplaySession
{
    /// <summary>The most earlier runs that <see cref="ProgressTrackingOptions.HistoryPerWorkflow"/> allows.</summary>
    private const int MostHistory = 10;

    private readonly ReplayClock _clock = new(TimeProvider.System.GetUtcNow());
    private readonly IReadOnlyList<Trace> _history;
    private readonly double? _speed;
    private readonly List<Prediction> _predictions = [];

    /// <summary>Prepares a replay.</summary>
    /// <param name="trace">What to replay.</param>
    /// <param name="history">Earlier runs of the same workflow, in the order in which they ended, newest last.</param>
    /// <param name="workflow">The workflow's name; by default the trace's.</param>
    /// <param name="speed">How many times faster than it was recorded; null for as fast as it goes.</param>
    public ReplaySession(Trace trace, IReadOnlyList<Trace> history, string? workflow, double? speed)
    {
        ArgumentNullException.ThrowIfNull(trace);
        Trace = trace;
        _history = history;
        Workflow = workflow ?? NameOf(trace);
        _speed = speed;
    }

    /// <summary>The trace's clock; the run starts now, in the eyes of those who look at it meanwhile.</summary>
    public TimeProvider Clock => _clock;

    /// <summary>The workflow's name.</summary>
    public string Workflow { get; }

    /// <summary>What is replayed.</summary>
    public Trace Trace { get; }

    /// <summary>What was predicted at each checkpoint so far.</summary>
    public IReadOnlyList<Prediction> Predictions => _predictions;

    /// <summary>How many earlier runs are remembered: all that the tracker is shown, as far as it can.</summary>
    private int HistoryLength => Math.Clamp(_history.Count, new ProgressTrackingOptions().HistoryPerWorkflow, MostHistory);

    /// <summary>The name of the workflow that a trace is a run of, where nobody says another.</summary>
    /// <param name="trace">The trace.</param>
    /// <returns>A name that the library takes.</returns>
    public static string NameOf(Trace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return string.IsNullOrWhiteSpace(trace.Name) ? "replay" : StageName.Of(trace.Name);
    }

    /// <summary>Sets what the tracker needs for this replay: that memory, to show the run at once, and to wait for it however long the recording is silent.</summary>
    public ProgressTrackingOptions Configure(ProgressTrackingOptions options)
    {
        options.HistoryPerWorkflow = HistoryLength;
        options.MinShownRunAge = TimeSpan.Zero;
        options.AbandonAfter = null;
        return options;
    }

    /// <summary>Replays the earlier traces at once, through a tracker and on a clock of their own, so that nothing but their memory reaches what is shown and counted later.</summary>
    /// <returns>What is remembered of them.</returns>
    public async Task<IRunHistory> LearnAsync(CancellationToken cancellationToken)
    {
        var memory = new InMemoryRunHistory(HistoryLength);
        await TraceLearning.LearnAsync(_history, Workflow, memory, cancellationToken).ConfigureAwait(false);
        return memory;
    }

    /// <summary>Starts the run that the replay is told through.</summary>
    /// <param name="tracker">A tracker on the session's clock.</param>
    /// <returns>The run.</returns>
    public WorkflowRun Start(ProgressTracker tracker) => tracker.StartWorkflow(Workflow, TraceReplay.Plan(Trace));

    /// <summary>Replays the trace through a run that <see cref="Start"/> has started; it has ended when this does.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Stops the replay; the run ends as cancelled.</param>
    /// <returns>A task that ends with the replay.</returns>
    public Task ReplayAsync(WorkflowRun run, CancellationToken cancellationToken) => TraceReplay.RunAsync(
        Trace,
        run,
        new ReplayPacing(_clock, TimeProvider.System, _speed),
        (share, seconds) => _predictions.Add(Prediction.Of(run.GetStatus(), share, seconds)),
        cancellationToken);

    /// <summary>Lets the clock go on at the pace of real time, until cancelled.</summary>
    public async Task KeepGoingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await new ReplayPacing(_clock, TimeProvider.System, speed: 1).MoveToAsync(TimeSpan.MaxValue, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Somebody has looked at it for long enough.
        }
    }
}
