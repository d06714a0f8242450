using ProgressTelemetry.Model;
namespace ProgressTelemetry.Estimation;

/// <summary>
/// Names what decides a run's duration: the stage with the largest mean share of the predicted run. Instead of a stage, waiting when declared waits take longer than any stage, and
/// dispatch when, waits aside, nothing runs for most of the time, and that not because each start has a little latency.
/// </summary>
internal static class BottleneckFinder
{
    /// <summary>More of its working time than this with nothing running, and a run's tasks wait for their start longer than they run.</summary>
    private const double DispatchShare = 0.5;

    /// <summary>
    /// A start that comes this many seconds late on average, or this share of the run, is late; sooner is the latency that schedulers and containers have. On recorded runs it misled more often than it told.
    /// </summary>
    private const double LateStartSeconds = 30, LateStartShare = 0.05;

    /// <summary>Of a run as it stands, or of one that is over: what a failed run still had to do will not come.</summary>
    public static Bottleneck OfSpent(Run run, double t, double worked, double waiting, double idle)
    {
        var (stage, largest, starts) = ((string?)null, 0.0, 0.0);
        foreach (var s in run.Stages)
        {
            starts += s.IsTimed ? s.Counts.Timed + s.Running : 1;
            if (run.WorkWallAt(s, t) is var wall && wall > largest)
                (stage, largest) = (s.Name, wall);
        }

        return Choose(stage, largest, worked, waiting, idle, idle / Math.Max(1, starts));
    }

    /// <summary>Of a run and what the votes left in <paramref name="views"/>; <paramref name="waiting"/> is spent and to come, <paramref name="idle"/> spent, s.</summary>
    public static Bottleneck OfPredicted(StageViews views, double worked, double waiting, double idle, ReadOnlySpan<RunProfile> history)
    {
        var (stage, largest, remaining, starts) = ((string?)null, 0.0, 0.0, 0.0);
        foreach (ref readonly var view in views.All)
        {
            remaining += view.Remaining;
            starts += view is { IsTimed: false, IsPaced: true } ? 1 : view.Expected;
            if (view.Share > largest && view.Name.Length > 0)
                (stage, largest) = (view.Name, view.Share);
        }

        var working = worked + remaining;
        idle += remaining * IdleShareToCome(idle, worked, history);
        return Choose(stage, largest * working, working, waiting, idle, idle / Math.Max(1, starts));
    }

    private static Bottleneck Choose(string? stage, double largest, double working, double waiting, double idle, double startsLateBy)
    {
        var isLate = startsLateBy >= Math.Min(LateStartSeconds, LateStartShare * working);
        return waiting > largest ? new Bottleneck(BottleneckKind.Waiting, null, Math.Min(1, waiting / (working + waiting)), waiting)
            : idle > DispatchShare * working && isLate ? new Bottleneck(BottleneckKind.Dispatch, null, Math.Min(1, idle / (working + waiting)), idle)
            : stage is not null ? new Bottleneck(BottleneckKind.Stage, stage, Math.Min(1, largest / (working + waiting)), largest)
            : default;
    }

    /// <summary>The share of its working time in which a run has nothing running: as in earlier runs, or as in this one so far.</summary>
    private static double IdleShareToCome(double idle, double worked, ReadOnlySpan<RunProfile> history)
    {
        if (history.IsEmpty)
            return idle / worked;
        var sum = 0.0;
        foreach (var profile in history)
        {
            var working = profile.DurationSeconds - profile.WaitSeconds;
            sum += working > 0 ? Math.Min(1, profile.IdleSeconds / working) : 0;
        }

        return sum / history.Length;
    }
}
