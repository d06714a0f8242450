using System.Runtime.InteropServices;
using static ProgressTelemetry.Estimation.EstimatorConstants;

namespace ProgressTelemetry.Estimation;

/// <summary>The votes' agreement.</summary>
/// <param name="Remaining">Remaining seconds, waits aside.</param>
/// <param name="Variance">Of the logarithms of the votes' remaining seconds about it.</param>
/// <param name="Profiles">How many earlier runs voted.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Votes(double Remaining, double Variance, int Profiles)
{
    /// <summary>
    /// Lets this run alone and each profile vote, and leaves every stage's predicted wall and share in the views: the profiles' alone when there are any, since what a first run shows does not announce the stages not yet seen.
    /// </summary>
    public static Votes Cast(StageViews views, ScaledHistory scaled, double worked, ReadOnlySpan<RunProfile> history)
    {
        Span<double> weights = stackalloc double[MaxProfiles + 1];
        Span<double> logs = stackalloc double[MaxProfiles + 1];
        scaled.Read(views, history);
        var least = ShortestRemainingShare * worked;
        weights[0] = scaled.Count == 0 ? 1 : views.IsMerelyCounted ? ColdWeightCounted : ColdWeight;
        logs[0] = Math.Log(Math.Max(ColdEstimate.Remaining(views, worked), least));
        if (scaled.Count == 0)
        {
            views.Add(1, worked);
            return new Votes(Math.Exp(logs[0]), 0, 0);
        }

        var (recency, sum) = (1.0, 0.0);
        for (var p = 0; p < scaled.Count; p++, recency *= Recency)
        {
            var (distance, remaining) = ProfileVote.Cast(views, scaled, p, worked);
            weights[p + 1] = recency / distance;
            logs[p + 1] = Math.Log(Math.Max(remaining, least));
            views.Add(weights[p + 1], worked);
            sum += weights[p + 1];
        }

        views.Scale(1 / sum);
        return Blend(weights[..(scaled.Count + 1)], logs[..(scaled.Count + 1)]);
    }

    private static Votes Blend(Span<double> weights, Span<double> logs)
    {
        var (sum, mean, variance) = (0.0, 0.0, 0.0);
        for (var i = 0; i < logs.Length; i++)
        {
            sum += weights[i];
            mean += weights[i] * logs[i];
        }

        mean /= sum;
        if (logs.Length > 2)
            mean = (MedianShare * Median(weights, logs, sum)) + ((1 - MedianShare) * mean);
        for (var i = 0; i < logs.Length; i++)
            variance += weights[i] * (logs[i] - mean) * (logs[i] - mean);
        return new Votes(Math.Exp(mean), variance / sum, logs.Length - 1);
    }

    /// <summary>Brings the votes into their order.</summary>
    private static double Median(Span<double> weights, Span<double> logs, double sum)
    {
        logs.Sort(weights);
        var (i, passed) = (0, weights[0]);
        while (passed < sum / 2 && i < logs.Length - 1)
            passed += weights[++i];
        return logs[i];
    }
}
