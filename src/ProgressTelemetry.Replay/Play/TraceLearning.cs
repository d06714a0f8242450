namespace ProgressTelemetry.Replay.Play;

/// <summary>Lets a history learn from recorded runs, as if it had been there when they ran.</summary>
public static class TraceLearning
{
    /// <summary>Replays runs at once, through a tracker and on a clock of their own: nothing but what is remembered of them is left.</summary>
    /// <param name="traces">The runs, in the order in which they ended, newest last; when all have dates, those decide.</param>
    /// <param name="workflow">The workflow that they are runs of.</param>
    /// <param name="history">What remembers them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The runs that there was nothing to learn from, as they did not end well.</returns>
    public static async Task<IReadOnlyList<Trace>> LearnAsync(IReadOnlyList<Trace> traces, string workflow, IRunHistory history, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(traces);
        var clock = new ReplayClock(TimeProvider.System.GetUtcNow());
        using var tracker = new ProgressTracker(new ProgressTrackingOptions { AbandonAfter = null }, clock, history: history);
        foreach (var trace in traces.All(t => t.EndedAt is not null) ? traces.OrderBy(t => t.EndedAt) : traces.AsEnumerable())
        {
            var run = tracker.StartWorkflow(workflow, TraceReplay.Plan(trace));
            await TraceReplay.RunAsync(trace, run, new ReplayPacing(clock, TimeProvider.System, speed: null), onCheckpoint: null, cancellationToken).ConfigureAwait(false);
        }

        return [.. traces.Where(trace => trace.Result != WorkflowResult.Success)];
    }
}
