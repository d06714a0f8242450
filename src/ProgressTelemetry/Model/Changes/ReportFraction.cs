namespace ProgressTelemetry.Model.Changes;

/// <summary>A fraction of a stage is done, as an <see cref="IProgress{T}"/> reports it: a part of its work, and a sign of its pace.</summary>
internal readonly record struct ReportFraction(StageAttempt Attempt, double Fraction) : IChange<bool>
{
    public bool Apply(Run run, in Moment at, Effects effects)
    {
        var stage = Attempt.Stage;
        if (Attempt.IsEnded)
        {
            effects.Ignore(IgnoredReason.Late, "a report of progress", stage);
            return false;
        }

        run.Begin(stage);
        run.Life.NoteProgress(at, effects);
        if (stage.Declared is null)
        {
            // A stage that only reports a fraction is one task; one that has counted tasks has as many as the fraction says.
            stage.Declare(stage.Done == 0 ? 1 : (long)Math.Ceiling(stage.Done / Math.Max(Fraction, 1e-9)));
        }

        var done = stage.Done;
        if (!stage.Counts.Report(Fraction, stage.Declared!.Value))
        {
            run.Totals.Update(stage);
            return false;
        }

        Attempt.Ended += stage.Done - done;
        stage.Time.ActiveAtCounted = Math.Max(stage.Time.ActiveAtCounted, stage.Time.ActiveAt(run.Ledger.Now));
        stage.Reach(run.Ledger.WallNow(stage));
        AddTasks.After(run, stage, at, effects);
        return true;
    }
}
