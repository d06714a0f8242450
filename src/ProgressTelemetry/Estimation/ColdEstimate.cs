using ProgressTelemetry.Model;
using static ProgressTelemetry.Estimation.EstimatorConstants;

namespace ProgressTelemetry.Estimation;

/// <summary>Remaining time from this run alone.</summary>
internal static class ColdEstimate
{
    /// <summary>Remaining seconds, never negative; leaves each stage's part of them, before the pull towards "half way", in the views.</summary>
    public static double Remaining(StageViews views, double t)
    {
        var typical = TypicalMean(views);
        var (weighed, seen) = (0.0, 0.0);
        foreach (ref var s in views.All)
        {
            s.Part = 0;
            if (s.Expected <= 0)
                continue;
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
            if (s.IsDone)
                continue;
            var done = DoneShare(s, typical, out var weight);
            var prior = s.Partial > 0 || s is { IsTimed: false, IsPaced: true } ? 0 : ColdStagePrior;
            s.Part = (1 - done) * (s.Wall + (prior * weight * pace)) / (done + prior);
            remaining += s.Part;
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
            if (!s.IsPaced)
                continue;
            sum += Math.Log(Math.Max(s.Mean, ShortestMean));
            count++;
        }

        return count > 0 ? Math.Exp(sum / count) : 1;
    }

    private static double DoneShare(in StageView s, double typical, out double weight)
    {
        var duration = s.IsPaced ? s.Mean
            : s.Running > 0 ? HalfWay * s.Age
            : typical;
        weight = Math.Pow(s.Expected, ColdCountExponent) * Math.Pow(Math.Max(duration, ShortestMean) / typical, ColdDurationExponent);
        var part = s is { Partial: 0, Running: > 0 } && duration > 0 ? s.Running * Math.Min(s.Age / duration, ColdRunningCap) : s.Partial;
        return Math.Min(1, (s.Done + part) / s.Expected);
    }
}
