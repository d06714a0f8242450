using System.Diagnostics.CodeAnalysis;

namespace ProgressTelemetry.Estimation;

/// <summary>
/// One run's state for estimation: sums, maxima and latest moments, O(1) and without allocation per event. All times are seconds since the
/// run's start and are given by the caller; one that lies before an earlier one is taken as that one. Not thread-safe: the caller holds the run's lock.
/// </summary>
/// <remarks>
/// Every instant is shared equally among the units then running, so that the walls of all stages add up to the elapsed time. A virtual clock runs at
/// one over the number of units; a stage's wall grows by its units times that clock's advance, and is settled only when its units change. While
/// nothing runs, time is waiting when a declared wait is open, and else idle: that goes to the next stage to start.
/// </remarks>
internal sealed partial class RunModel
{
    private readonly List<StageModel> _stages = [];
    private readonly Dictionary<string, StageModel> _byName = new(StringComparer.Ordinal);
    private readonly Forecast _forecast;
    private double _now;
    private double _sharedClock;
    private double _waitClock;
    private long _units;
    private int _waiting;
    private int _begun;
    private double _idle;
    private double _waitedTotal;

    public RunModel() => _forecast = new Forecast(this);

    public IReadOnlyList<StageModel> Stages => _stages;

    /// <summary>The run's tasks, when a number was declared for the whole run.</summary>
    public long? Total { get; private set; }

    /// <summary>Seconds during which nothing ran although no wait was declared.</summary>
    public double IdleSeconds { get; private set; }

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
        var stage = new StageModel(name, _stages.Count, expectedTasks) { SharedClock = _sharedClock, WaitClock = _waitClock };
        _stages.Add(stage);
        _byName.Add(name, stage);
        return stage;
    }

    /// <summary>The stage now expects that many tasks in all; fewer than before, or than are done, are not believed.</summary>
    public void Expect(StageModel s, long expectedTasks, double t)
    {
        Advance(t);
        var expected = Math.Max(Math.Max(expectedTasks, s.Done), s.Expected ?? 0);
        s.Expected = expected;
        if (expected > 0)
            s.Knots.Resize(expected);
    }

    /// <summary>The whole run expects that many tasks; what no stage declared belongs to the open stages that declared none.</summary>
    public void ExpectTotal(long total) => Total = Math.Max(total, Total ?? 0);

    /// <summary>A timed task starts.</summary>
    public void Start(StageModel s, double t)
    {
        Advance(t);
        Begin(s);
        s.IsTimed = true;
        s.Running++;
        s.SumStarted += _now;
        Share(s);
        Progressed();
    }

    /// <summary>A timed task that started at <paramref name="started"/> has ended, however it ended.</summary>
    public void Complete(StageModel s, double t, double started)
    {
        Advance(t);
        Begin(s);
        if (s.Running > 0)
        {
            s.Running--;
            s.SumStarted = s.Running == 0 ? 0 : s.SumStarted - started;
            Share(s);
        }

        var duration = double.IsFinite(started) ? Math.Max(0, _now - started) : 0;
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
            SettleWait(s);
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
            SettleWait(s);
            s.EndedWait += _now - s.WaitingSince;
            _waiting--;
        }

        s.Waits--;
        Share(s);
    }

    /// <summary>Seconds of the run's wall-clock attributed to the stage as of <paramref name="t"/>.</summary>
    public double WallAt(StageModel s, double t) => s.SettledWall + (s.Units * (SharedClockAt(t) - s.SharedClock));

    /// <summary>Seconds that the stage spent in declared waits as of <paramref name="t"/>.</summary>
    public double WaitAt(StageModel s, double t) => s.EndedWait + (s.Waits > 0 ? Clamp(t) - s.WaitingSince : 0);

    /// <summary>Seconds during which the run was in a declared wait and nothing ran.</summary>
    public double Waited(double t) => _waitedTotal + (_units == 0 && _waiting > 0 ? Clamp(t) - _now : 0);

    /// <summary>The stage's part of <see cref="Waited"/>: shared equally among the stages that waited.</summary>
    internal double BlockedAt(StageModel s, double t)
    {
        var clock = _waitClock + (_units == 0 && _waiting > 0 ? (Clamp(t) - _now) / _waiting : 0);
        return s.SettledBlocked + (s.Waits > 0 ? clock - s.WaitClock : 0);
    }

    /// <summary>Age of the longest wait that is open while nothing runs; 0 when there is none.</summary>
    internal double OpenWaitAt(double t)
    {
        var longest = 0.0;
        if (_units > 0 || _waiting == 0)
            return longest;
        foreach (var s in _stages)
            longest = s.Waits > 0 ? Math.Max(longest, Clamp(t) - s.WaitingSince) : longest;
        return longest;
    }

    internal double IdleAt(double t) => IdleSeconds + (_units == 0 && _waiting == 0 ? Clamp(t) - _now : 0);

    internal bool HasStage(string name) => _byName.ContainsKey(name);

    internal bool HasBegun => _begun > 0;

    private double SharedClockAt(double t) => _units > 0 ? _sharedClock + ((Clamp(t) - _now) / _units) : _sharedClock;

    /// <summary>A clock may jump: time never runs backwards here, and a moment that is none is now.</summary>
    private double Clamp(double t) => double.IsFinite(t) && t > _now ? t : _now;

    private void Advance(double t)
    {
        var dt = Clamp(t) - _now;
        if (dt <= 0)
            return;
        if (_units > 0)
        {
            _sharedClock += dt / _units;
        }
        else if (_waiting > 0)
        {
            _waitClock += dt / _waiting;
            _waitedTotal += dt;
        }
        else
        {
            _idle += dt;
            IdleSeconds += dt;
        }

        _now = Clamp(t);
    }

    /// <summary>Settles the stage's wall and gives it its present number of units; one that starts takes over the idle time before it.</summary>
    private void Share(StageModel s)
    {
        var units = s.UnitsNow;
        if (units > s.Units)
        {
            s.SettledWall += _idle;
            _idle = 0;
        }

        if (units != s.Units)
        {
            s.SettledWall += s.Units * (_sharedClock - s.SharedClock);
            s.SharedClock = _sharedClock;
            _units += units - s.Units;
            s.Units = units;
        }

        var active = s.Open > 0 && s.Waits == 0;
        if (active != !double.IsNaN(s.ActiveSince))
        {
            s.EndedActive = s.ActiveAt(_now);
            s.ActiveSince = active ? _now : double.NaN;
        }
    }

    private void SettleWait(StageModel s)
    {
        if (s.Waits > 0 && s.WaitClock < _waitClock)
            s.SettledBlocked = BlockedAt(s, _now);
        s.WaitClock = _waitClock;
    }

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
