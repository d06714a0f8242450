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
        var total = 0.0;
        for (var i = 0; i < stages.Length; i++)
        {
            var s = _stages[i];
            var done = Math.Max(1, s.Done);
            var tasks = Math.Max(s.Expected ?? 0, done);
            var wall = WallAt(s, end);
            var shares = s.Done == 0 ? [1, 1, 1, 1] : s.Knots.Shares(tasks, wall);
            stages[i] = new StageProfile
            {
                Name = s.Name,
                Tasks = tasks,
                MeanSeconds = s.TimedDone > 0 ? s.SumDuration / s.TimedDone : (s.Counted > 0 ? s.ActiveAtCounted : s.ActiveAt(end)) / done,
                LongestSeconds = s.LongestDuration,
                WallSeconds = wall,
                WaitSeconds = BlockedAt(s, end),
                WallShareAtFirst = shares[0],
                WallShareAt25 = shares[1],
                WallShareAt50 = shares[2],
                WallShareAt75 = shares[3],
            };
            total += tasks;
        }

        return new RunProfile
        {
            Version = version,
            Tasks = Math.Max(1, (long)total),
            DurationSeconds = end,
            LongestSilenceSeconds = LongestSilenceAt(end),
            WaitSeconds = Waited(end),
            IdleSeconds = IdleAt(end),
            Stages = stages,
        };
    }
}
