using System.Runtime.InteropServices;

namespace ProgressTelemetry.Estimation;

/// <summary>Declared waits still to come, s: what earlier runs waited in stages that are not over, less what this run has waited there.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RemainingWaits(double Expected, double Low, double High)
{
    /// <summary>
    /// The mean, least and most over the earlier runs. A wait that is open and longer than they tell is taken to be half way,
    /// as a stage's first task is: it may end at once, or last twice as long again.
    /// </summary>
    public static RemainingWaits Of(double openWait, StageViews views, ReadOnlySpan<RunProfile> history)
    {
        var (sum, low, high, sumOfOpen) = (0.0, double.MaxValue, 0.0, 0.0);
        foreach (var profile in history)
        {
            var (remaining, open) = profile.WaitSeconds > 0 ? Remaining(views, profile) : default;
            sum += remaining;
            sumOfOpen += open;
            low = Math.Min(low, remaining);
            high = Math.Max(high, remaining);
        }

        var known = history.IsEmpty || sum <= 0 ? default : new RemainingWaits(sum / history.Length, low, high);
        var age = sumOfOpen > 0 ? 0 : openWait;
        return age > 0
            ? new RemainingWaits(known.Expected + age, known.Low, known.High + (EstimatorConstants.HalfWay * age))
            : known;
    }

    private static (double All, double Open) Remaining(StageViews views, RunProfile profile)
    {
        var (all, open) = (0.0, 0.0);
        foreach (ref readonly var view in views.All)
        {
            if (view.IsDone || profile.Find(view.Name, view.Index) is not { WaitSeconds: > 0 } before)
                continue;
            var remaining = Math.Max(0, before.WaitSeconds - view.Waited);
            all += remaining;
            open += view.IsWaiting ? remaining : 0;
        }

        return (all, open);
    }
}
