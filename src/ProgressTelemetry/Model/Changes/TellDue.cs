namespace ProgressTelemetry.Model.Changes;

/// <summary>What was due is this process's to tell; the run may have ended meanwhile.</summary>
internal readonly record struct TellDue(Effect Effect) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        effects.Add(Effect with { Kind = Effect.Due });
        return true;
    }
}
