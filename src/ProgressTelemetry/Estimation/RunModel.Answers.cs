using ProgressTelemetry.History;

namespace ProgressTelemetry.Estimation;

internal sealed partial class RunModel
{
    /// <summary>
    /// The run's predicted total duration, or null while there is nothing to say: no time has passed, nothing has begun and no earlier run is known, or
    /// the number of tasks is unknown and no earlier run tells it.
    /// </summary>
    /// <remarks>O(stages x profiles); allocates only when stages were added since the last time.</remarks>
    public Estimate? Predict(double t, ReadOnlySpan<RunProfile> history) => _forecast.Predict(Clamp(t), history);

    /// <summary>
    /// What decides the run's duration: the stage with the largest wall, spent and predicted. Instead of a stage, <see cref="BottleneckKind.Waiting"/> when
    /// declared waits take longer than any stage, and <see cref="BottleneckKind.Dispatch"/> when, waits aside, the run spends more time with nothing running than with anything running,
    /// so far and as predicted.
    /// </summary>
    /// <remarks>Of a run that is over, only what was spent counts: what a failed run still had to do will not come.</remarks>
    public Bottleneck FindBottleneck(double t, ReadOnlySpan<RunProfile> history, bool isOver = false) => _forecast.FindBottleneck(Clamp(t), history, isOver);

    /// <summary>The wall in seconds still predicted for the stage, as of the latest prediction.</summary>
    public double RemainingWall(StageModel s) => _forecast.RemainingWall(s);

    /// <summary>What is kept of the run when it has ended.</summary>
    public RunProfile ToProfile(double t, string? version)
    {
        var end = Clamp(t);
        var stages = new StageProfile[_stages.Count];
        var (total, worked) = (0.0, 0.0);
        for (var i = 0; i < stages.Length; i++)
        {
            stages[i] = ToProfile(_stages[i], end);
            total += stages[i].Tasks;
            worked += stages[i].WorkedTasks!.Value;
        }

        return new RunProfile
        {
            Version = version,
            Tasks = Math.Max(1, (long)total),
            WorkedTasks = (long)worked,
            DurationSeconds = end,
            LongestSilenceSeconds = LongestSilenceAt(end),
            WaitSeconds = Waited(end),
            IdleSeconds = IdleAt(end),
            Stages = stages,
        };
    }

    private StageProfile ToProfile(StageModel s, double end)
    {
        var done = Math.Max(1, s.Done);
        var tasks = Math.Max(s.Expected ?? 0, done);
        var worked = tasks - s.Skipped;
        var wall = WallAt(s, end);
        return new StageProfile
        {
            Name = s.Name,
            Tasks = tasks,
            WorkedTasks = worked,
            MeanSeconds = s.TimedDone > 0 ? s.SumDuration / s.TimedDone : (s.Counted > 0 ? s.ActiveAtCounted : s.ActiveAt(end)) / Math.Max(1, s.Counted),
            LongestSeconds = s.LongestDuration,
            WallSeconds = wall,
            WaitSeconds = BlockedAt(s, end),
            WallShares = s.Done == 0 ? [.. Enumerable.Repeat(1.0, KnotPlacement.Count)] : s.Knots.Shares(Math.Max(1, worked), wall),
        };
    }
}
