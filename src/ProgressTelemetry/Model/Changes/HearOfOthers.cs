namespace ProgressTelemetry.Model.Changes;

/// <summary>
/// Other processes work on the run too: their counts, stages and times come on top of this process's own. <paramref name="After"/> takes the place of <paramref name="Before"/>, which was heard last; null when nothing was.
/// <paramref name="Own"/> is this process's share that <paramref name="After"/> was made with: what has been said here since then stands.
/// </summary>
internal readonly record struct HearOfOthers(RunShare? Before, RunShare After, RunShare Own, Others Activity) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        if (run.Result is not null)
        {
            return false;
        }

        var waited = After.WaitedSeconds - (Before?.WaitedSeconds ?? 0);
        run.Ledger.Hear(waited, After.IdleSeconds - (Before?.IdleSeconds ?? 0));
        run.Silence.Hear(After.LostSeconds - (Before?.LostSeconds ?? 0), waited);
        var moved = After.LastProgressAt > run.Life.LastProgressWall;
        var done = run.Done;
        foreach (var others in After.Stages)
        {
            moved |= Hear(run, others, effects);
        }

        if (moved)
        {
            run.Life.NoteProgress(at with { Wall = After.LastProgressAt }, effects, Math.Max(1, run.Done - done));
        }

        // What is reached together is reached here too; only what was reached when there were fewer tasks is taken over.
        run.ReachMilestones(at, effects);
        run.Hear(After, Activity);
        run.ReachMilestones(at, effects);
        return true;
    }

    private bool Hear(Run run, StageShare others, Effects effects)
    {
        var stage = run.AddStage(others.Name, others.IsPlanned, effects);
        if (others.HasBegun)
        {
            run.Begin(stage);
        }

        // Its own share has the model's stages, in their order.
        var moved = stage.Hear(others, stage.Index < Own.Stages.Count ? Own.Stages[stage.Index] : null);
        if (moved)
        {
            stage.Reach(run.Ledger.WallNow(stage));
        }

        run.Totals.Update(stage);
        return moved;
    }
}
