namespace ProgressTelemetry.Model;

/// <summary>What a run notes of being alive: progress, which ends a stall; life without progress; declared waits; and when each was, on the wall clock.</summary>
internal sealed class SignsOfLife(Run run)
{
    private DateTimeOffset _stalledSince;

    /// <summary>When there last was progress, on the wall clock.</summary>
    public DateTimeOffset LastProgressWall { get; private set; } = run.StartedWall;

    /// <summary>Since when it is silent, on the wall clock: the last progress, or the latest start or end of a declared wait.</summary>
    public DateTimeOffset QuietSinceWall { get; private set; } = run.StartedWall;

    /// <summary>There was progress, which ends a stall.</summary>
    public void NoteProgress(in Moment at, Effects effects, long events = 1) => Moved(run.Silence.Progress(at.Arrived, events), at, effects);

    /// <summary>There was life, but nothing to learn from.</summary>
    public void NoteLife(in Moment at, Effects effects) => Moved(run.Silence.SignOfLife(at.Arrived), at, effects);

    /// <summary>Tasks ended so: a skipped one shows that the run lives, and nothing else.</summary>
    public void Note(WorkflowResult result, in Moment at, Effects effects, long count = 1)
    {
        if (result == WorkflowResult.Skip)
        {
            NoteLife(at, effects);
        }
        else
        {
            NoteProgress(at, effects, count);
        }
    }

    /// <summary>A declared wait began or ended.</summary>
    public void NoteQuiet(in Moment at, Effects effects)
    {
        Resumed(run.Silence.Quiet(at.Arrived), effects);
        QuietSinceWall = at.Wall;
    }

    /// <summary>The silence is a stall.</summary>
    public void Stall(double silence, Effects effects)
    {
        run.Silence.Stall(silence);
        _stalledSince = LastProgressWall;
        run.Tell(new Effect(EffectKind.Stalled) { Seconds = silence, Wall = _stalledSince }, effects);
    }

    private void Moved(bool wasStalled, in Moment at, Effects effects)
    {
        LastProgressWall = at.Wall > LastProgressWall ? at.Wall : LastProgressWall;
        Resumed(wasStalled, effects);
    }

    private void Resumed(bool wasStalled, Effects effects)
    {
        if (wasStalled)
        {
            run.Tell(new Effect(EffectKind.Resumed) { Wall = _stalledSince }, effects);
        }
    }
}
