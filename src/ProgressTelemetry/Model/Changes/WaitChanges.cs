namespace ProgressTelemetry.Model.Changes;

/// <summary>A declared wait begins. Returns whether it did.</summary>
internal readonly record struct BeginWait(StageAttempt Attempt, string Reason) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        var stage = Attempt.Stage;
        if (Attempt.IsEnded)
        {
            effects.Ignore(IgnoredReason.Late, "a wait", stage);
            return false;
        }

        run.Life.NoteQuiet(at, effects);
        Attempt.Waits++;
        if (stage.Waits++ == 0)
        {
            run.Ledger.OpenWait(stage);
            stage.Course.WaitBegan(Math.Max(0, at.At));
        }

        run.Share(stage, at);
        effects.Add(new Effect(EffectKind.WaitStarted) { Stage = stage, Attempt = Attempt, Text = Reason });
        return true;
    }
}

/// <summary>A declared wait is over; the end of its stage may have ended it before.</summary>
internal readonly record struct EndWait(StageAttempt Attempt) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        if (Attempt.IsEnded || Attempt.Waits == 0)
        {
            return false;
        }

        Attempt.Waits--;
        EndOne(run, Attempt.Stage, at, effects);
        return true;
    }

    public static void EndOne(Run run, Stage stage, in Moment at, Effects effects)
    {
        if (stage.Waits == 1)
        {
            run.Ledger.CloseWait(stage);
            stage.Course.WaitEnded(at.At);
        }

        stage.Waits--;
        run.Share(stage, at);
        run.Life.NoteQuiet(at, effects);
    }
}
