namespace ProgressTelemetry.Estimation;

// Whose time it is. Every instant is shared equally among the units then running, so that the walls of all stages add up to the elapsed time. A virtual clock runs at
// one over the number of units; a stage's wall grows by its units times that clock's advance, and is settled only when its units change. While
// nothing runs, time is waiting when a declared wait is open, and else idle: that goes to the next stage to start.
internal sealed partial class RunModel
{
    private double _now;
    private double _sharedClock;
    private double _waitClock;
    private long _units;
    private int _waiting;
    private double _idle;
    private double _waitedTotal;

    /// <summary>Seconds during which nothing ran although no wait was declared.</summary>
    public double IdleSeconds { get; private set; }

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
}
