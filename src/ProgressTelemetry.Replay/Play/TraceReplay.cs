namespace ProgressTelemetry.Replay.Play;

/// <summary>Replays one trace as one run of a tracker whose clock the replay moves.</summary>
internal sealed class TraceReplay
{
    private readonly Trace _trace;
    private readonly ReplayPacing _pacing;
    private readonly TimeSpan _start;
    private readonly Dictionary<string, StageReplay> _stages;

    private TraceReplay(Trace trace, WorkflowRun run, ReplayPacing pacing)
    {
        _trace = trace;
        _pacing = pacing;
        _start = pacing.Clock.Elapsed;
        _stages = trace.Events.GroupBy(e => e.Stage, StringComparer.Ordinal).ToDictionary(stage => stage.Key, stage => new StageReplay(run, trace, [.. stage]), StringComparer.Ordinal);
    }

    /// <summary>Plans a run from what the trace will show: its stages, their tasks and what they depend on.</summary>
    public static WorkflowRunOptions Plan(Trace trace, string? runId = null) => new() { RunId = runId, Stages = trace.Stages, Milestones = Milestone.Quarters };

    /// <summary>
    /// Replays the trace through a run that was just started. A run whose recording stops before its end is left without a result, as it is not known how it ended.
    /// </summary>
    /// <param name="trace">The trace.</param>
    /// <param name="run">The run; it has ended when this returns.</param>
    /// <param name="pacing">The clock, and how fast to move it.</param>
    /// <param name="onCheckpoint">Called at each of <see cref="Prediction.Shares"/>, with the clock at exactly that moment.</param>
    /// <param name="cancellationToken">Stops the replay; the run ends as cancelled.</param>
    public static async Task RunAsync(Trace trace, WorkflowRun run, ReplayPacing pacing, Action<double, double>? onCheckpoint, CancellationToken cancellationToken)
    {
        using (run)
        {
            try
            {
                await new TraceReplay(trace, run, pacing).ReplayAsync(onCheckpoint, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                run.Cancel();
                throw;
            }

            if (trace.Result is { } result)
            {
                run.End(result);
            }
        }
    }

    private async Task ReplayAsync(Action<double, double>? onCheckpoint, CancellationToken cancellationToken)
    {
        var checkpoints = new Queue<double>(Prediction.Shares);
        foreach (var e in _trace.Events)
        {
            await PassAsync(checkpoints, e.Seconds, onCheckpoint, cancellationToken);
            await MoveToAsync(e.Seconds, cancellationToken);
            _stages[e.Stage].Apply(e);
        }

        // A run of no duration has all its checkpoints at its only moment.
        await PassAsync(checkpoints, double.PositiveInfinity, onCheckpoint, cancellationToken);
    }

    /// <summary>Stops at the checkpoints before a moment: what happens at a checkpoint's own moment has happened there.</summary>
    private async Task PassAsync(Queue<double> checkpoints, double before, Action<double, double>? onCheckpoint, CancellationToken cancellationToken)
    {
        while (checkpoints.TryPeek(out var share) && share * _trace.Duration < before)
        {
            checkpoints.Dequeue();
            var seconds = share * _trace.Duration;
            await MoveToAsync(seconds, cancellationToken);
            onCheckpoint?.Invoke(share, seconds);
        }
    }

    private Task MoveToAsync(double seconds, CancellationToken cancellationToken) => _pacing.MoveToAsync(_start + TimeSpan.FromSeconds(seconds), cancellationToken);
}
