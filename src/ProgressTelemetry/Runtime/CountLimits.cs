using ProgressTelemetry.Model;

namespace ProgressTelemetry.Runtime;

/// <summary>
/// Tells the attempts' counts how far they may go before somebody must look: to the next milestone, to the next point of the stage's curve, or, while somebody hears of tasks or the run is stalled, not at all. After each tick of
/// the timer the next task is looked at too, so that its moment is known.
/// </summary>
internal sealed class CountLimits(LiveRun live, List<LiveStage> open)
{
    public void Set(bool tasksAreHeard)
    {
        var run = live.Model;
        var isStalled = run.Silence.IsStalled;
        while (true)
        {
            var toMilestone = run.Milestones.TasksToNext(run.Done + run.Totals.Partial, run.Expected);
            var cells = 0;
            foreach (var stage in open)
            {
                cells += stage.Cells;
            }

            foreach (var stage in open)
            {
                var knot = stage.Stage.NextKnot;
                var toKnot = knot == long.MaxValue ? knot : knot - stage.Stage.Done;
                var allowed = Math.Min(toMilestone == long.MaxValue ? toMilestone : toMilestone / cells, toKnot == long.MaxValue ? toKnot : toKnot / CellsOf(stage.Stage));

                // Listeners are told the counts as they are when they are told: while that is pending, no task need be looked at for them.
                stage.SetLimits(isStalled || (tasksAreHeard && !stage.Stage.IsCountPending) ? 0 : Math.Max(1, allowed));
            }

            // Additions that crossed with the setting of limits may have gone over a threshold without seeing the new limits.
            if (!PassedMeanwhile(toMilestone))
            {
                return;
            }
        }
    }

    /// <summary>The next task of each stage is looked at.</summary>
    public void LookAtNext()
    {
        foreach (var stage in open)
        {
            stage.SetLimits(0);
        }
    }

    private bool PassedMeanwhile(long toMilestone)
    {
        var (left, passed) = (toMilestone, false);
        foreach (var stage in open)
        {
            var more = stage.Total - stage.Attempt.Counted;
            left -= Math.Min(more, left);
            passed |= stage.Stage.NextKnot is var knot && knot != long.MaxValue && stage.Stage.Done + more >= knot;
        }

        if (!passed && (toMilestone == long.MaxValue || left > 0))
        {
            return false;
        }

        live.Open.Sync(live.Now());
        return true;
    }

    private long CellsOf(Stage stage)
    {
        long cells = 0;
        foreach (var other in open)
        {
            cells += other.Stage == stage ? other.Cells : 0;
        }

        return Math.Max(1, cells);
    }
}
