namespace ProgressTelemetry.Model;

/// <summary>A stage's share of its run's time. Changed by <see cref="Ledger"/> alone. All times in seconds.</summary>
internal sealed class StageTime
{
    /// <summary>How many shares of the run's wall-clock it gets: its running tasks, or itself while it is open and its tasks are merely counted.</summary>
    public int Units { get; set; }

    /// <summary>Wall as of <see cref="SharedClock"/>.</summary>
    public double SettledWall { get; set; }

    public double SharedClock { get; set; }

    /// <summary>Share of the run's exclusive waiting as of <see cref="WaitClock"/>.</summary>
    public double SettledBlocked { get; set; }

    public double WaitClock { get; set; }

    /// <summary>Time in declared waits that have ended; <see cref="WaitingSince"/> holds the open one's start.</summary>
    public double EndedWait { get; set; }

    public double WaitingSince { get; set; }

    /// <summary>Time open and not waiting, up to <see cref="ActiveSince"/>.</summary>
    public double EndedActive { get; set; }

    /// <summary>Since when it is open and not waiting; NaN when it isn't.</summary>
    public double ActiveSince { get; set; } = double.NaN;

    /// <summary>Its open time at the latest counted progress: counted tasks are taken to run one after the other.</summary>
    public double ActiveAtCounted { get; set; }

    /// <summary>Of its wall, what was lost to stalls.</summary>
    public double LostWall { get; set; }

    public double ActiveAt(double t) => double.IsNaN(ActiveSince) ? EndedActive : EndedActive + Math.Max(0, t - ActiveSince);
}
