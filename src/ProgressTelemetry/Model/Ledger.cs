namespace ProgressTelemetry.Model;

/// <summary>
/// Whose time it is. Every instant of a run is shared equally among the units then running (tasks; a stage itself while its tasks are merely counted), so that the walls of all stages add up to the elapsed time. A
/// virtual clock runs at one over the number of units; a stage's wall grows by its units times that clock's advance, and is settled only when its units change. While nothing runs, time is waiting when a declared
/// wait is open, and else idle: that goes to the next stage to start. O(1) an event, no allocation. All times are seconds since the run's start.
/// </summary>
internal sealed class Ledger(IReadOnlyList<Stage> stages)
{
    private RecentTime? _recent;
    private double _sharedClock;
    private double _waitClock;
    private long _units;
    private int _waiting;
    private double _idle;
    private double _waitedTotal;
    private double _idleTotal;

    /// <summary>The latest moment that the ledger knows of.</summary>
    public double Now { get; private set; }

    /// <summary>How many units run.</summary>
    public long Units => _units;

    /// <summary>Seconds of the run's wall-clock attributed to the stage as of <paramref name="t"/>.</summary>
    public double WallAt(Stage s, double t) => Math.Max(0, s.Time.SettledWall + (s.Time.Units * (SharedClockAt(t) - s.Time.SharedClock)));

    /// <summary>The same as of <see cref="Now"/>.</summary>
    public double WallNow(Stage s) => Math.Max(0, s.Time.SettledWall + (s.Time.Units * (_sharedClock - s.Time.SharedClock)));

    /// <summary>Seconds that the stage spent in declared waits as of <paramref name="t"/>.</summary>
    public double WaitAt(Stage s, double t) => s.Time.EndedWait + (s.Waits > 0 ? Clamp(t) - s.Time.WaitingSince : 0);

    /// <summary>Seconds during which the run was in a declared wait and nothing ran.</summary>
    public double Waited(double t) => _waitedTotal + (_units == 0 && _waiting > 0 ? Clamp(t) - Now : 0);

    /// <summary>The stage's part of <see cref="Waited"/>: shared equally among the stages that waited.</summary>
    public double BlockedAt(Stage s, double t)
    {
        var clock = _waitClock + (_units == 0 && _waiting > 0 ? (Clamp(t) - Now) / _waiting : 0);
        return s.Time.SettledBlocked + (s.Waits > 0 ? clock - s.Time.WaitClock : 0);
    }

    /// <summary>Age of the longest wait that is open while nothing runs; 0 when there is none.</summary>
    public double OpenWaitAt(double t)
    {
        var longest = 0.0;
        if (_units > 0 || _waiting == 0)
        {
            return longest;
        }

        for (var i = 0; i < stages.Count; i++)
        {
            longest = stages[i].Waits > 0 ? Math.Max(longest, Clamp(t) - stages[i].Time.WaitingSince) : longest;
        }

        return longest;
    }

    /// <summary>Seconds during which nothing ran although no wait was declared.</summary>
    public double IdleAt(double t) => Math.Max(0, _idleTotal + (_units == 0 && _waiting == 0 ? Clamp(t) - Now : 0));

    /// <summary>Time never runs backwards here, and a moment that is none is now.</summary>
    public double Clamp(double t) => double.IsFinite(t) && t > Now ? t : Now;

    /// <summary>The run goes on at <paramref name="now"/>; of the time before, so much was waiting and idle.</summary>
    public void Restore(double now, double waited, double idle) => (Now, _waitedTotal, _idleTotal) = (now, waited, idle);

    /// <summary>So much more of the run's time was waiting and idle, as others tell.</summary>
    public void Hear(double waited, double idle) => (_waitedTotal, _idleTotal) = (_waitedTotal + waited, _idleTotal + idle);

    /// <summary>From now on events may bring their own time and come late.</summary>
    public void AcceptLateEvents() => _recent ??= new RecentTime();

    public void Advance(double t)
    {
        var dt = Clamp(t) - Now;
        if (dt <= 0)
        {
            return;
        }

        _recent?.Add(Now, Now + dt, stages, isWaiting: _units == 0 && _waiting > 0);
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
            _idleTotal += dt;
        }

        Now = Clamp(t);
    }

    /// <summary>A stage is new: its clocks begin now.</summary>
    public void Join(Stage s) => (s.Time.SharedClock, s.Time.WaitClock) = (_sharedClock, _waitClock);

    /// <summary>Settles the stage's wall and gives it its present number of units; one that starts takes over the idle time before it.</summary>
    public void Share(Stage s)
    {
        var (units, time) = (s.UnitsNow, s.Time);
        if (units > time.Units)
        {
            time.SettledWall += _idle;
            _idle = 0;
            _recent?.TakeOver(s);
        }

        if (units != time.Units)
        {
            time.SettledWall += time.Units * (_sharedClock - time.SharedClock);
            time.SharedClock = _sharedClock;
            _units += units - time.Units;
            time.Units = units;
        }

        var active = s.IsActive && s.Waits == 0;
        if (active != !double.IsNaN(time.ActiveSince))
        {
            time.EndedActive = time.ActiveAt(Now);
            time.ActiveSince = active ? Now : double.NaN;
        }
    }

    /// <summary>A unit of the stage that was told of late had started (1) or ended (-1) at <paramref name="at"/> already.</summary>
    public void Correct(Stage s, double at, int change)
    {
        if (_recent is not null && at < Now)
        {
            var (idle, left) = _recent.Correct(s, Math.Max(at, 0), Now, change);
            _idleTotal += idle;
            _idle = Math.Max(0, _idle + left);
        }
    }

    /// <summary>The stage's first declared wait opens.</summary>
    public void OpenWait(Stage s)
    {
        (s.Time.WaitClock, s.Time.WaitingSince) = (_waitClock, Now);
        _waiting++;
    }

    /// <summary>The stage's last declared wait is over.</summary>
    public void CloseWait(Stage s)
    {
        s.Time.SettledBlocked += _waitClock - s.Time.WaitClock;
        s.Time.EndedWait += Now - s.Time.WaitingSince;
        _waiting--;
    }

    private double SharedClockAt(double t) => _units > 0 ? _sharedClock + ((Clamp(t) - Now) / _units) : _sharedClock;
}
