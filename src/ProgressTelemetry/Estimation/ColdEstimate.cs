using ProgressTelemetry.Model;
using static ProgressTelemetry.Estimation.EstimatorConstants;

namespace ProgressTelemetry.Estimation;

/// <summary>Remaining time from this run alone.</summary>
internal static class ColdEstimate
{
    /// <summary>Remaining seconds, never negative; adds each stage's part to the views with the given weight.</summary>
    public static double Remaining(StageViews views, double t, double voteWeight)
    {
        var typical = TypicalMean(views);
        var (weighed, seen) = (0.0, 0.0);
        foreach (ref readonly var s in views.All)
        {
            var done = DoneShare(s, typical, out var weight);
            weighed += done * weight;
            if (done > 0)
                seen += s.Expected;
        }

        if (weighed <= 0)
            return t;
        var pace = t / weighed;
        var remaining = 0.0;
        foreach (ref var s in views.All)
        {
            if (s.Done >= s.Expected)
                continue;
            var done = DoneShare(s, typical, out var weight);
            var part = (1 - done) * (s.Wall + (ColdStagePrior * weight * pace)) / (done + ColdStagePrior);
            s.Remaining += voteWeight * part;
            remaining += part;
        }

        var share = seen / views.Total;
        var trust = share / (share + (ColdShrink * (1 - share)));
        return Math.Exp((trust * Math.Log(Math.Max(remaining, ShortestRemaining))) + ((1 - trust) * Math.Log(t)));
    }

    private static double TypicalMean(StageViews views)
    {
        var (sum, count) = (0.0, 0);
        foreach (ref readonly var s in views.All)
        {
            if (s.Done <= 0)
                continue;
            sum += Math.Log(Math.Max(s.Mean, ShortestMean));
            count++;
        }

        return count > 0 ? Math.Exp(sum / count) : 1;
    }

    private static double DoneShare(in StageView s, double typical, out double weight)
    {
        var duration = s.Done > 0 ? s.Mean
            : s.Running > 0 ? HalfWay * s.Age
            : typical;
        weight = Math.Pow(s.Expected, ColdCountExponent) * Math.Pow(Math.Max(duration, ShortestMean) / typical, ColdDurationExponent);
        var part = s.Running > 0 && duration > 0 ? s.Running * Math.Min(s.Age / duration, ColdRunningCap) : 0;
        return Math.Min(1, (s.Done + part) / s.Expected);
    }
}
