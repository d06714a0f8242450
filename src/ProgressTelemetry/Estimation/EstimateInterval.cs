using System.Runtime.InteropServices;
using static ProgressTelemetry.Estimation.IntervalConstants;

namespace ProgressTelemetry.Estimation;

/// <summary>The interval of remaining seconds, waits aside, that is meant to hold the truth in 80 % of runs. Never of no width while work is open.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EstimateInterval(double Low, double High)
{
    /// <param name="views">The run's stages.</param>
    /// <param name="scaled">The same stages in the earlier runs.</param>
    /// <param name="votes">What was predicted.</param>
    /// <param name="worked">Seconds of work so far, more than 0.</param>
    /// <param name="silence">Seconds since the latest progress.</param>
    public static EstimateInterval Of(StageViews views, ScaledHistory scaled, Votes votes, double worked, double silence)
    {
        var (low, high) = Spread(votes, worked);
        var interval = new EstimateInterval(votes.Remaining * Math.Exp(-low), votes.Remaining * Math.Exp(high));
        if (votes.Profiles == 0 && views.IsMerelyCounted && NothingEnded(views))
            interval = interval.Widen((FirstEndsEarly - 1) * worked, ((FirstEndsLate * views.Total) - 1) * worked);
        if (views.AllDone)
            interval = interval.Widen(0, Math.Max(AfterAll * silence, Math.Max(LongestMean(views), AfterAllShare * worked)));
        return interval.Widen(interval.Low, Late(views, scaled, silence));
    }

    private static (double Low, double High) Spread(Votes votes, double worked)
    {
        if (votes.Profiles == 0)
            return (ColdLow, ColdHigh);
        var few = FewProfiles / votes.Profiles;
        var progress = worked / (worked + votes.Remaining);
        var half = Base + Math.Sqrt(votes.Variance + (few * few)) + (End * Math.Pow(progress, 6));
        return (HistoryLow * half, HistoryHigh * half);
    }

    private EstimateInterval Widen(double low, double high) => new(Math.Min(Low, low), Math.Max(High, high));

    private static bool NothingEnded(StageViews views)
    {
        foreach (ref readonly var view in views.All)
        {
            if (view.IsPaced)
                return false;
        }

        return true;
    }

    private static double LongestMean(StageViews views)
    {
        var longest = 0.0;
        foreach (ref readonly var view in views.All)
            longest = Math.Max(longest, view.IsPaced ? view.Mean : 0);
        return longest;
    }

    /// <summary>By how many seconds running tasks are out of line with all like them; of a stage that reports fractions, how long it hasn't.</summary>
    private static double Late(StageViews views, ScaledHistory scaled, double silence)
    {
        var late = 0.0;
        var all = views.All;
        for (var i = 0; i < all.Length; i++)
        {
            ref readonly var view = ref all[i];
            if (view.IsDone || view.Running <= 0)
                continue;
            var longest = view.Longest;
            for (var p = 0; p < scaled.Count; p++)
                longest = scaled.Stage(p, i) is { } q ? Math.Max(longest, Math.Max(q.LongestSeconds, q.MeanSeconds)) : longest;
            late = Math.Max(late, view.Partial > 0 ? silence
                : longest > 0 ? view.Age - (OutOfLine * longest)
                : 0);
        }

        return late;
    }
}
