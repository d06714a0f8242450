using ProgressTelemetry.Model;
using static ProgressTelemetry.Estimation.EstimatorConstants;

namespace ProgressTelemetry.Estimation;

/// <summary>What one earlier run says about this one: its walls, scaled to this run's sizes, placed on its progress curves, moved at this run's pace.</summary>
internal static class ProfileVote
{
    /// <summary>The distance of the two runs and the remaining seconds; leaves each stage's part of them in the views.</summary>
    public static (double Distance, double Remaining) Cast(StageViews views, ScaledHistory history, int profile, double t)
    {
        ref readonly var scale = ref history.Scale(profile);
        var walls = history.Walls(profile);
        var all = views.All;
        var (spent, drift, driftWeight) = (0.0, 0.0, 0.0);
        for (var i = 0; i < all.Length; i++)
        {
            ref var s = ref all[i];
            var q = history.Stage(profile, i);
            s.Part = SpentOf(s, walls[i], q);
            spent += s.Part;
            if (q is not null)
                AddDrift(s, q, ref drift, ref driftWeight);
        }

        var pace = (t + (PacePrior * scale.Wall)) / (spent + (PacePrior * scale.Wall));
        var remaining = 0.0;
        for (var i = 0; i < all.Length; i++)
        {
            ref var s = ref all[i];
            var prior = PacePrior * walls[i];
            s.Part = s.IsDone ? 0 : (walls[i] - s.Part) * (s.Wall + (prior * pace)) / (s.Part + prior);
            remaining += s.Part;
        }

        return (scale.Distance + (driftWeight > 0 ? DurationDistance * drift / driftWeight : 0), remaining);
    }

    /// <summary>How far this run's durations are from the profile's.</summary>
    private static void AddDrift(in StageView s, StageProfile q, ref double drift, ref double driftWeight)
    {
        var (observed, weight) = s.IsPaced ? (s.Mean, s.Progress / (s.Progress + DurationPrior))
            : s.Running > 0 && s.Age > q.MeanSeconds ? (s.Age, 1)
            : default;
        if (weight <= 0)
            return;
        var y = Math.Log(Math.Max(observed, ShortestComparedMean) / Math.Max(q.MeanSeconds, ShortestComparedMean));
        drift += weight * y * y;
        driftWeight += weight;
    }

    /// <summary>How much of the predicted wall the completed tasks, and the reported parts of tasks, stand for.</summary>
    private static double SpentOf(in StageView s, double wall, StageProfile? q)
    {
        if (s.IsDone)
            return wall;
        if (s.Progress <= 0 && s.Running <= 0)
            return 0;
        var low = ShareAt(q, s.Progress / s.Expected);
        if (s.Partial > 0)
            return low * wall;
        var high = ShareAt(q, (s.Done + 1) / s.Expected);
        if (s.Done <= 0 && q is not null)
            high = Math.Max(high, q.WallShares[0]);
        if (high >= 1)
            high = Math.Max(low, LastTaskCap);
        return Math.Min(Math.Max(s.Wall, low * wall), high * wall);
    }

    private static double ShareAt(StageProfile? q, double completed) => q is null ? Math.Min(completed, 1) : q.Curve.At(completed);
}
