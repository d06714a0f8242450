using System.Diagnostics.CodeAnalysis;

namespace ProgressTelemetry.Estimation;

/// <summary>
/// One run's state for estimation: sums, maxima and latest moments, O(1) and without allocation per event. All times are seconds since the
/// run's start and are given by the caller; one that lies before an earlier one is taken as that one. Not thread-safe: the caller holds the run's lock.
/// </summary>
internal sealed partial class RunModel
{
    /// <summary>No count is believed to be larger: beyond it a double no longer counts one by one, and sums of counts would overflow.</summary>
    internal const long LargestCount = 1L << 53;

    private readonly List<StageModel> _stages = [];
    private readonly Dictionary<string, StageModel> _byName = new(StringComparer.Ordinal);
    private readonly Forecast _forecast;
    private int _begun;

    public RunModel() => _forecast = new Forecast(this);

    public IReadOnlyList<StageModel> Stages => _stages;

    /// <summary>The run's tasks, when a number was declared for the whole run.</summary>
    public long? Total { get; private set; }

    /// <summary>
    /// Whether the stages were there before their turn came: then what is not there will not come. Without a plan, stages that earlier runs had are still to be expected.
    /// </summary>
    public bool HasPlan { get; private set; }

    /// <summary>Adds a stage, or returns the one of that name; <paramref name="expectedTasks"/> is null while unknown.</summary>
    public StageModel AddStage(string name, long? expectedTasks)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (expectedTasks is { } tasks)
            ArgumentOutOfRangeException.ThrowIfNegative(tasks, nameof(expectedTasks));
        if (_byName.TryGetValue(name, out var known))
            return known;
        var stage = new StageModel(name, _stages.Count, expectedTasks is { } n ? Math.Min(n, LargestCount) : null) { SharedClock = _sharedClock, WaitClock = _waitClock };
        _stages.Add(stage);
        _byName.Add(name, stage);
        return stage;
    }

    /// <summary>The stage now expects that many tasks in all; fewer than before, or than are done, are not believed.</summary>
    public void Expect(StageModel s, long expectedTasks, double t)
    {
        Advance(t);
        var expected = Math.Max(Math.Max(Math.Min(expectedTasks, LargestCount), s.Done), s.Expected ?? 0);
        s.Expected = expected;
        if (expected > 0)
            s.Knots.Resize(expected);
    }

    /// <summary>The whole run expects that many tasks; what no stage declared belongs to the open stages that declared none.</summary>
    public void ExpectTotal(long total) => Total = Math.Max(Math.Min(total, LargestCount), Total ?? 0);

    /// <summary>A timed task starts. Returns the start as the run's clock has it, to be handed to <see cref="Complete"/>.</summary>
    public double Start(StageModel s, double t)
    {
        Advance(t);
        Begin(s);
        s.IsTimed = true;
        s.Running++;
        s.SumStarted += _now;
        Share(s);
        Progressed();
        return _now;
    }

    /// <summary>A timed task that started at <paramref name="started"/> has ended, however it ended.</summary>
    public void Complete(StageModel s, double t, double started)
    {
        Advance(t);
        Begin(s);
        if (!double.IsFinite(started))
            started = _now;
        if (s.Running > 0)
        {
            s.Running--;
            s.SumStarted = s.Running == 0 ? 0 : s.SumStarted - started;
            Share(s);
        }

        var duration = Math.Max(0, _now - started);
        s.TimedDone++;
        s.SumDuration += duration;
        s.LongestDuration = Math.Max(s.LongestDuration, duration);
        _longestTask = Math.Max(_longestTask, duration);
        Reached(s, WallAt(s, _now));
        Progressed();
    }

    /// <summary>An attempt at the stage opens. While its tasks are merely counted the stage itself is what runs.</summary>
    public void Enter(StageModel s, double t)
    {
        Advance(t);
        Begin(s);
        s.Finished = false;
        s.Open++;
        Share(s);
        Progressed();
    }

    /// <summary>An attempt ends; <paramref name="finished"/> says whether the tasks that it did not do will not be done (a failed attempt may be made again).</summary>
    public void Leave(StageModel s, double t, bool finished = true)
    {
        Advance(t);
        if (s.Open == 0)
            return;
        s.Open--;
        s.Finished = finished && s.Open == 0;
        Share(s);
        Progressed();
    }

    /// <summary>
    /// The merely counted tasks of the stage that are done as of <paramref name="t"/>, the latest of them at <paramref name="lastProgress"/>. Called when
    /// somebody looks, and when <see cref="NextKnot"/> is reached.
    /// </summary>
    public void Count(StageModel s, long doneTotalUntimed, double lastProgress, double t)
    {
        Advance(t);
        doneTotalUntimed = Math.Min(doneTotalUntimed, LargestCount);
        if (doneTotalUntimed <= s.Counted)
        {
            Looked();
            return;
        }

        Begin(s);
        var counted = doneTotalUntimed - s.Counted;
        s.Counted = doneTotalUntimed;
        var last = double.IsFinite(lastProgress) ? Math.Clamp(lastProgress, 0, _now) : _now;
        var since = double.IsNaN(s.ActiveSince) ? 0 : Math.Min(_now - last, _now - s.ActiveSince);
        s.ActiveAtCounted = Math.Max(s.ActiveAtCounted, s.ActiveAt(_now) - since);
        Reached(s, WallAt(s, _now));
        Progressed(last, counted);
    }

    /// <summary>The number of ended tasks, timed and counted, at which the model wants to be told; <see cref="long.MaxValue"/> when none is left.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "A question to the run about its stage, as all others are")]
    public long NextKnot(StageModel s) => s.Knots.Next;

    /// <summary>A declared wait opens in the stage: it takes wait, not wall, until the last one is over. Other running stages go on.</summary>
    public void BeginWait(StageModel s, double t)
    {
        Advance(t);
        Begin(s);
        if (s.Waits++ == 0)
        {
            s.WaitClock = _waitClock;
            s.WaitingSince = _now;
            _waiting++;
        }

        Share(s);
    }

    /// <summary>A declared wait is over.</summary>
    public void EndWait(StageModel s, double t)
    {
        Advance(t);
        if (s.Waits == 0)
            return;
        if (s.Waits == 1)
        {
            s.SettledBlocked += _waitClock - s.WaitClock;
            s.EndedWait += _now - s.WaitingSince;
            _waiting--;
        }

        s.Waits--;
        Share(s);
    }

    internal bool HasStage(string name) => _byName.ContainsKey(name);

    internal bool HasBegun => _begun > 0;

    private void Begin(StageModel s)
    {
        if (s.Begun)
            return;
        s.Begun = true;
        _begun++;
        HasPlan |= _stages.Count > _begun;
    }

    private static void Reached(StageModel s, double wall)
    {
        s.Knots.Reach(s.Done, wall);
        if (s.Expected < s.Done)
        {
            s.Expected = s.Done;
            s.Knots.Resize(s.Done);
        }
    }
}
