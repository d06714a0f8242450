namespace ProgressTelemetry.Model.Changes;

/// <summary>A milestone that was reached is this process's to tell; the run may have ended meanwhile.</summary>
internal readonly record struct TellMilestone(MilestoneStatus Milestone) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        effects.Add(new Effect(EffectKind.MilestoneReached) { Milestone = Milestone, At = at.At });
        return true;
    }
}
