using ProgressTelemetry.Model;

namespace ProgressTelemetry.Estimation;

/// <summary>Makes what is kept of a run that has ended, or of one as it is.</summary>
internal static class ProfileMaker
{
    public static RunProfile Of(Run run, double t, string? version)
    {
        var end = run.Ledger.Clamp(t);
        var stages = new StageProfile[run.Stages.Count];
        var (total, worked) = (0.0, 0.0);
        for (var i = 0; i < stages.Length; i++)
        {
            stages[i] = Of(run, run.Stages[i], end);
            total += stages[i].Tasks;
            worked += stages[i].WorkedTasks!.Value;
        }

        return new RunProfile
        {
            Version = version,
            Tasks = Math.Max(1, (long)total),
            WorkedTasks = (long)worked,
            DurationSeconds = end - run.Silence.LostAt(end),
            LongestSilenceSeconds = run.Silence.LongestAt(end),
            WaitSeconds = run.Ledger.Waited(end),
            IdleSeconds = run.Ledger.IdleAt(end),
            Stages = stages,
        };
    }

    private static StageProfile Of(Run run, Stage s, double end)
    {
        var counts = s.Counts;
        var tasks = Math.Max(s.Declared ?? 0, Math.Max(1, s.Done));
        var worked = tasks - counts.Skipped;
        var wall = run.WorkWallAt(s, end);
        return new StageProfile
        {
            Name = s.Name,
            Tasks = tasks,
            WorkedTasks = worked,
            MeanSeconds = counts.Timed > 0 ? counts.WorkSeconds / counts.Timed : (counts.CountedWork > 0 ? s.Time.ActiveAtCounted : s.Time.ActiveAt(end)) / Math.Max(1, counts.CountedWork),
            LongestSeconds = counts.LongestSeconds,
            WallSeconds = wall,
            WaitSeconds = run.Ledger.BlockedAt(s, end),
            WallShares = s.Done == 0 ? [.. Enumerable.Repeat(1.0, KnotPlacement.Count)] : s.Knots.Shares(Math.Max(1, worked), wall),
        };
    }
}
