using static ProgressTelemetry.Estimation.EstimatorConstants;

namespace ProgressTelemetry.Estimation;

/// <summary>What history adds to <see cref="TotalScale"/> for a stage: ridge regression of the logarithm of its wall, less the fixed scaling, over that of the run's size.</summary>
internal static class HistoryTrend
{
    public static double Of(ReadOnlySpan<RunProfile> history, ReadOnlySpan<StageProfile?> stage)
    {
        Span<double> xs = stackalloc double[MaxProfiles];
        Span<double> ys = stackalloc double[MaxProfiles];
        var (n, sumX, sumY) = (0, 0.0, 0.0);
        for (var i = 0; i < history.Length; i++)
        {
            if (stage[i] is not { } q)
                continue;
            var x = Math.Log(history[i].Size);
            var y = Math.Log(Math.Max(q.WallSeconds, ShortestWall)) - (StageScale * Math.Log(q.Size)) - (TotalScale * x);
            (xs[n], ys[n]) = (x, y);
            (n, sumX, sumY) = (n + 1, sumX + x, sumY + y);
        }

        if (n < 2)
            return 0;
        var (meanX, meanY, xy, xx) = (sumX / n, sumY / n, 0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            xy += (xs[i] - meanX) * (ys[i] - meanY);
            xx += (xs[i] - meanX) * (xs[i] - meanX);
        }

        return Math.Clamp(xy / (xx + TrendPrior), -TrendCap, TrendCap);
    }
}
