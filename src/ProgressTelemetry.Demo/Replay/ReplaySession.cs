using System.Globalization;
using ProgressTelemetry.Demo.Terminal;

namespace ProgressTelemetry.Demo.Replay;

/// <summary>One replay: the earlier traces that the tracker learns from, then the trace itself, all on one clock.</summary>
internal sealed class ReplaySession
{
    /// <summary>The most earlier runs that <see cref="ProgressTrackingOptions.HistoryPerWorkflow"/> allows.</summary>
    private const int MostHistory = 10;

    private readonly Trace _trace;
    private readonly IReadOnlyList<Trace> _history;
    private readonly string _workflow;
    private readonly double? _speed;
    private readonly List<Prediction> _predictions = [];

    public ReplaySession(Trace trace, IReadOnlyList<Trace> history, string? workflow, double? speed)
    {
        _trace = trace;
        _history = history;
        _workflow = workflow ?? (string.IsNullOrWhiteSpace(trace.Name) ? "replay" : trace.Name);
        _speed = speed;
        Clock = new ReplayClock(TimeProvider.System.GetUtcNow());
    }

    /// <summary>The trace's clock; the run starts now, in the eyes of those who look at it meanwhile.</summary>
    public ReplayClock Clock { get; }

    /// <summary>What was predicted at each checkpoint so far.</summary>
    public IReadOnlyList<Prediction> Predictions => _predictions;

    /// <summary>How many earlier runs are remembered: all that the tracker is shown, as far as it can.</summary>
    private int HistoryLength => Math.Clamp(_history.Count, new ProgressTrackingOptions().HistoryPerWorkflow, MostHistory);

    /// <summary>Sets what the tracker needs for this replay: that memory, and to show the run at once.</summary>
    public ProgressTrackingOptions Configure(ProgressTrackingOptions options)
    {
        options.HistoryPerWorkflow = HistoryLength;
        options.MinShownRunAge = TimeSpan.Zero;
        return options;
    }

    /// <summary>Replays the earlier traces at once, through a tracker and on a clock of their own, so that nothing but their memory reaches what is shown and counted later.</summary>
    /// <returns>What is remembered of them.</returns>
    public async Task<IRunHistory> LearnAsync(CancellationToken cancellationToken)
    {
        var memory = new InMemoryRunHistory(HistoryLength);
        var clock = new ReplayClock(TimeProvider.System.GetUtcNow());
        using var tracker = new ProgressTracker(Configure(new ProgressTrackingOptions()), clock, history: memory);
        foreach (var earlier in _history)
        {
            var run = tracker.StartWorkflow(_workflow, TraceReplay.Plan(earlier));
            await TraceReplay.RunAsync(earlier, run, new ReplayPacing(clock, TimeProvider.System, speed: null), onCheckpoint: null, cancellationToken);
        }

        return memory;
    }

    public WorkflowRun Start(ProgressTracker tracker) => tracker.StartWorkflow(_workflow, TraceReplay.Plan(_trace));

    public Task ReplayAsync(WorkflowRun run, CancellationToken cancellationToken) => TraceReplay.RunAsync(
        _trace,
        run,
        new ReplayPacing(Clock, TimeProvider.System, _speed),
        (share, seconds) => _predictions.Add(Prediction.Of(run.GetStatus(), share, seconds)),
        cancellationToken);

    /// <summary>Lets the clock go on at the pace of real time, until cancelled.</summary>
    public async Task KeepGoingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await new ReplayPacing(Clock, TimeProvider.System, speed: 1).MoveToAsync(TimeSpan.MaxValue, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Somebody has looked at it for long enough.
        }
    }

    public void Summarize(WorkflowStatus status, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_workflow}: {status.CompletedTasks} of {_trace.StartedTasks} tasks in {_trace.Stages.Count} stages, {_trace.Duration:0.###} s, {status.State.ToString().ToLowerInvariant()}"));
        if (_trace.CompletedTasks < _trace.StartedTasks)
        {
            output.WriteLine($"The recording ends with {_trace.StartedTasks - _trace.CompletedTasks} tasks unfinished.");
        }

        output.WriteLine("  at   expected total   interval                    error   bottleneck");
        foreach (var p in _predictions)
        {
            var error = p.Expected is { } expected && _trace.Duration > 0 ? (expected - _trace.Duration) / _trace.Duration : (double?)null;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{p.Share * 100,3:0} %  {Text(p.Expected),14}   {Text(p.Low),10} to {Text(p.High),-10}  {error,7:+0 %;-0 %;0 %}   {p.Bottleneck}"));
        }
    }

    private static string Text(double? seconds) => seconds is { } s ? DurationText.Of(TimeSpan.FromSeconds(s)) : "-";
}
