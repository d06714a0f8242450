using ProgressTelemetry.Model;
using static ProgressTelemetry.Estimation.EstimatorConstants;

namespace ProgressTelemetry.Estimation;

/// <summary>What one earlier run says about this one: its walls, scaled to this run's sizes, placed on its progress curves, moved at this run's pace.</summary>
internal static class ProfileVote
{
    /// <summary>The vote's weight and remaining seconds; adds each stage's part to the views with that weight.</summary>
    public static (double Weight, double Remaining) Cast(StageViews views, double t, RunProfile profile)
    {
        var lnTotal = Math.Log(views.Total / profile.Tasks);
        var (totalWall, sizeDistance, missing) = ScaleWalls(views, profile, lnTotal);
        var (spent, drift) = Spend(views);
        var pace = (t + (PacePrior * totalWall)) / (spent + (PacePrior * totalWall));
        var weight = 1 / (LeastDistance + (lnTotal * lnTotal) + sizeDistance + ((double)missing / views.All.Length) + drift);
        var remaining = 0.0;
        foreach (ref var s in views.All)
        {
            if (s.Done >= s.Expected)
                continue;
            var prior = PacePrior * s.ProfileWall;
            var part = (s.ProfileWall - s.ProfileSpent) * (s.Wall + (prior * pace)) / (s.ProfileSpent + prior);
            s.Remaining += weight * part;
            remaining += part;
        }

        return (weight, remaining);
    }

    /// <summary>Each stage's whole wall as the profile predicts it; a stage that it lacks gets its walls' mean per task.</summary>
    private static (double Wall, double SizeDistance, int Missing) ScaleWalls(StageViews views, RunProfile profile, double lnTotal)
    {
        var (squares, seen, wallSum, taskSum) = (0.0, 0, 0.0, 0.0);
        foreach (ref var s in views.All)
        {
            s.Profile = profile.Find(s.Name, s.Index);
            if (s.Profile is not { } q)
                continue;
            var ln = Math.Log(s.Expected / q.Tasks);
            squares += ln * ln;
            seen++;
            s.ProfileWall = Math.Max(q.WallSeconds, ShortestWall) * Math.Exp((StageScale * ln) + (TotalScale * lnTotal));
            wallSum += s.ProfileWall;
            taskSum += s.Expected;
        }

        var perTask = taskSum > 0 ? wallSum / taskSum : 1;
        var total = wallSum;
        foreach (ref var s in views.All)
        {
            if (s.Profile is not null)
                continue;
            s.ProfileWall = s.Expected * perTask;
            total += s.ProfileWall;
        }

        return (total, seen > 0 ? squares / seen : NoStageInCommon, views.All.Length - seen);
    }

    /// <summary>How much of each predicted wall the completed tasks stand for, and how far this run's durations are from the profile's.</summary>
    private static (double Spent, double Drift) Spend(StageViews views)
    {
        var (spent, drift, driftWeight) = (0.0, 0.0, 0.0);
        foreach (ref var s in views.All)
        {
            s.ProfileSpent = SpentOf(s);
            spent += s.ProfileSpent;
            if (s.Profile is not { } q)
                continue;
            if (s.Done > 0)
            {
                var y = LogRatio(s.Mean, q.MeanSeconds);
                var weight = s.Done / (s.Done + DriftPrior);
                drift += weight * y * y;
                driftWeight += weight;
            }
            else if (s.Running > 0 && s.Age > q.MeanSeconds)
            {
                var y = LogRatio(s.Age, q.MeanSeconds);
                drift += y * y;
                driftWeight += 1;
            }
        }

        return (spent, driftWeight > 0 ? drift / driftWeight : 0);
    }

    private static double SpentOf(in StageView s)
    {
        if (s.Done >= s.Expected)
            return s.ProfileWall;
        if (s.Done <= 0 && s.Running <= 0)
            return 0;
        var low = ShareAt(s.Profile, s.Done / s.Expected);
        var high = ShareAt(s.Profile, (s.Done + 1) / s.Expected);
        if (s.Done <= 0 && s.Profile is not null)
            high = Math.Max(high, s.Profile.WallShareAtFirst);
        if (high >= 1)
            high = Math.Max(low, LastTaskCap);
        return Math.Min(Math.Max(s.Wall, low * s.ProfileWall), high * s.ProfileWall);
    }

    private static double ShareAt(StageProfile? profile, double x) => profile is null ? Math.Min(x, 1) : profile.WallShareAt(x);

    private static double LogRatio(double a, double b) => Math.Log(Math.Max(a, ShortestComparedMean) / Math.Max(b, ShortestComparedMean));
}
