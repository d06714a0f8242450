namespace ProgressTelemetry.Model.Changes;

/// <summary>
/// The run goes on where others left it: their counts, stages, times and milestones are its own from here on. The first of a run's changes. What was open then is not: whoever worked on it has gone.
/// </summary>
internal readonly record struct RestoreRun(RunShare Before) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        run.Ledger.Restore(Before.RanSeconds, Before.WaitedSeconds, Before.IdleSeconds);
        run.Silence.Restore(Before.LongestSilenceSeconds, Before.LostSeconds);
        run.Restore(Before);
        foreach (var before in Before.Stages)
        {
            run.AddStage(before.Name, before.IsPlanned, effects);
        }

        foreach (var before in Before.Stages)
        {
            var stage = run.FindStage(before.Name)!;
            if (before.HasBegun)
            {
                run.Begin(stage);
            }

            stage.Restore(before);
            run.Totals.Update(stage);
        }

        return true;
    }
}
