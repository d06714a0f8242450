namespace ProgressTelemetry.Mcp;

/// <summary>Waits until there is something to tell of a run. It looks once a second, so that it also sees runs of other processes, and adds nothing to the tracked work.</summary>
internal sealed class RunWait(IRunReader reader, TimeProvider clock)
{
    internal static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    internal const string Ended = "ended";
    internal const string Milestone = "milestone";
    internal const string Stalled = "stalled";
    internal const string Resumed = "resumed";
    internal const string TimeIsUp = "time";
    internal const string Gone = "gone";
    internal const string Stopping = "stopping";

    /// <summary>Waits.</summary>
    /// <param name="run">The run as it is now: what has happened to it already is nothing to wait for, except its end.</param>
    /// <param name="longest">For how long at most.</param>
    /// <param name="looked">Told each time that it has looked and there was nothing to tell.</param>
    /// <param name="stopping">The application stops: what is known now must do.</param>
    /// <param name="cancellationToken">Nobody waits for the answer any more.</param>
    /// <returns>The run as it was last seen, and why the wait ended.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits for the answer any more.</exception>
    public async Task<(WorkflowStatus Run, string Because)> UntilAsync(
        WorkflowStatus run, TimeSpan longest, Action<WorkflowStatus> looked, CancellationToken stopping, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        var (first, begin) = (run, clock.GetTimestamp());
        while (run.EndedAt is null)
        {
            if (clock.GetElapsedTime(begin) >= longest)
            {
                return (run, TimeIsUp);
            }

            try
            {
                await timer.WaitForNextTickAsync(over.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return (run, Stopping);
            }

            if (reader.GetStatus(run.RunId) is not { } now)
            {
                return (run, Gone);
            }

            run = now;
            if (Change(first, run) is { } because)
            {
                return (run, because);
            }

            looked(run);
        }

        return (run, Ended);
    }

    private static string? Change(WorkflowStatus before, WorkflowStatus now) => now switch
    {
        { EndedAt: not null } => Ended,
        _ when Reached(now) > Reached(before) => Milestone,
        { State: WorkflowState.Stalled } when before.State != WorkflowState.Stalled => Stalled,
        { State: not WorkflowState.Stalled } when before.State == WorkflowState.Stalled => Resumed,
        _ => null,
    };

    private static int Reached(WorkflowStatus run) => run.Milestones.Count(milestone => milestone.ReachedAt is not null);
}
