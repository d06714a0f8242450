using ProgressTelemetry.Model;

namespace ProgressTelemetry.Estimation;

/// <summary>Makes what is kept of a run that has ended, or of one as it is.</summary>
internal static class ProfileMaker
{
    public static RunProfile Of(Run run, double t, string? version)
    {
        var end = run.Ledger.Clamp(t);
        var stages = new StageProfile[run.Stages.Count];
        var total = 0.0;
        for (var i = 0; i < stages.Length; i++)
        {
            stages[i] = Of(run, run.Stages[i], end);
            total += stages[i].Tasks;
        }

        return new RunProfile
        {
            Version = version,
            Tasks = Math.Max(1, (long)total),
            DurationSeconds = end,
            LongestSilenceSeconds = run.Silence.LongestAt(end),
            WaitSeconds = run.Ledger.Waited(end),
            IdleSeconds = run.Ledger.IdleAt(end),
            Stages = stages,
        };
    }

    private static StageProfile Of(Run run, Stage s, double end)
    {
        var done = Math.Max(1, s.Done);
        var tasks = Math.Max(s.Declared ?? 0, done);
        var wall = run.Ledger.WallAt(s, end);
        var shares = s.Done == 0 ? [1, 1, 1, 1] : s.Knots.Shares(tasks, wall);
        return new StageProfile
        {
            Name = s.Name,
            Tasks = tasks,
            MeanSeconds = s.Counts.Timed > 0 ? s.Counts.TimedSeconds / s.Counts.Timed : (s.Counts.CountedWork > 0 ? s.Time.ActiveAtCounted : s.Time.ActiveAt(end)) / done,
            LongestSeconds = s.Counts.LongestSeconds,
            WallSeconds = wall,
            WaitSeconds = run.Ledger.BlockedAt(s, end),
            WallShareAtFirst = shares[0],
            WallShareAt25 = shares[1],
            WallShareAt50 = shares[2],
            WallShareAt75 = shares[3],
        };
    }
}
