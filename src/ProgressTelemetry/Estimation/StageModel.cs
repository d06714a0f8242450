namespace ProgressTelemetry.Estimation;

/// <summary>One stage's sums. Changed by <see cref="RunModel"/> alone.</summary>
internal sealed class StageModel
{
    internal StageModel(string name, int index, long? expected)
    {
        Name = name;
        Index = index;
        Expected = expected;
        Knots = new WallKnots(expected > 0 ? expected : null);
    }

    public string Name { get; }

    /// <summary>Its place in the run, from 0, in order of plan or of first start.</summary>
    public int Index { get; }

    /// <summary>Tasks expected; null while unknown. Never less than <see cref="Done"/>.</summary>
    public long? Expected { get; internal set; }

    /// <summary>Tasks ended: timed, counted and skipped.</summary>
    public long Done => TimedDone + Counted + Skipped;

    /// <summary>Tasks that ended without being worked on: they are done, but are no pace, no duration and no evidence.</summary>
    internal long Skipped { get; set; }

    /// <summary>The parts of running tasks that they have reported as done, in tasks.</summary>
    internal double PartialWork { get; set; }

    /// <summary>Timed tasks now running.</summary>
    public int Running { get; internal set; }

    /// <summary>Whether anything has happened in it.</summary>
    public bool Begun { get; internal set; }

    /// <summary>Whether it was left as finished: what it still expected will not come. Entering it again takes that back.</summary>
    public bool Finished { get; internal set; }

    /// <summary>Declared waits now open.</summary>
    public int Waits { get; internal set; }

    /// <summary>Attempts now open.</summary>
    internal int Open { get; set; }

    /// <summary>Whether a timed task was ever started: then its tasks, not the stage, are what runs.</summary>
    internal bool IsTimed { get; set; }

    internal long TimedDone { get; set; }

    internal long Counted { get; set; }

    /// <summary>Seconds, of timed tasks that have ended.</summary>
    internal double SumDuration { get; set; }

    internal double LongestDuration { get; set; }

    /// <summary>Sum of the start times of the timed tasks now running.</summary>
    internal double SumStarted { get; set; }

    /// <summary>How many shares of the run's wall-clock it gets: its running tasks, or itself while it is open and its tasks are merely counted.</summary>
    internal int Units { get; set; }

    /// <summary>Wall as of <see cref="SharedClock"/>, s.</summary>
    internal double SettledWall { get; set; }

    internal double SharedClock { get; set; }

    /// <summary>Share of the run's exclusive waiting as of <see cref="WaitClock"/>, s.</summary>
    internal double SettledBlocked { get; set; }

    internal double WaitClock { get; set; }

    /// <summary>Seconds in declared waits that have ended; <see cref="WaitingSince"/> holds the open one's start.</summary>
    internal double EndedWait { get; set; }

    internal double WaitingSince { get; set; }

    /// <summary>Seconds open and not waiting, up to <see cref="ActiveSince"/>.</summary>
    internal double EndedActive { get; set; }

    /// <summary>Since when it is open and not waiting; NaN when it isn't.</summary>
    internal double ActiveSince { get; set; } = double.NaN;

    /// <summary>Its open seconds at the latest counted progress: counted tasks are taken to run one after the other.</summary>
    internal double ActiveAtCounted { get; set; }

    internal WallKnots Knots { get; }

    internal double ActiveAt(double t) => double.IsNaN(ActiveSince) ? EndedActive : EndedActive + Math.Max(0, t - ActiveSince);

    internal int UnitsNow => Waits > 0 ? 0
        : Running > 0 ? Running
        : Open > 0 && !IsTimed && !Finished ? 1
        : 0;
}
