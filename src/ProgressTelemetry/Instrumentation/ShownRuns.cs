using ProgressTelemetry.Tracking;

namespace ProgressTelemetry.Instrumentation;

/// <summary>
/// Decides, once a collection, which runs have series of their own: those most worth looking at (stalled, past their deadline, longest running), then the latest ended ones, within a budget of label sets for an instrument.
/// Also has the meter of those series made anew before it has seen too many label sets: a metrics SDK never frees one, and at its limit merges all that come later into one series.
/// </summary>
internal sealed class ShownRuns
{
    /// <summary>The estimate has three label sets: expected, low, high.</summary>
    private const int LeastWeight = 3;

    private readonly ProgressTracker _tracker;
    private readonly Lock _gate = new();
    private readonly Dictionary<RunState, int> _seen = [];
    private int _seenWeight;
    private long _collection;
    private long _turnsServed;
    private int _turns;
    private bool _wantsRotation;
    private ShownRun[] _shown = [];
    private Dictionary<WorkflowDefinition, long> _live = [];

    public ShownRuns(ProgressTracker tracker) => _tracker = tracker;

    /// <summary>Makes the meter of the runs anew; null while there is none.</summary>
    public Action? Rotate { get; set; }

    /// <summary>How many label sets the largest instrument may see before the meter is made anew; tests turn rotation off with it.</summary>
    public int RotateAt { get; set; } = ProgressTrackingOptions.MostSeries;

    /// <summary>A number for an instrument: an instrument that reads for a second time begins another collection.</summary>
    public int NewTurn() => _turns++;

    public void Begin(int turn, bool mayRotate)
    {
        lock (_gate)
        {
            var bit = 1L << turn;
            if (_turnsServed == 0 || (_turnsServed & bit) != 0)
            {
                _turnsServed = 0;
                _collection++;
                Choose(mayRotate);
            }

            _turnsServed |= bit;
        }
    }

    /// <summary>The present collection's number, from 1: what is costly is read once in each.</summary>
    public long Collection => Volatile.Read(ref _collection);

    /// <summary>The runs to show in this collection.</summary>
    public ShownRun[] Current
    {
        get
        {
            lock (_gate)
            {
                return _shown;
            }
        }
    }

    /// <summary>The live ones among them, by workflow.</summary>
    public IReadOnlyDictionary<WorkflowDefinition, long> LiveByWorkflow()
    {
        lock (_gate)
        {
            return _live;
        }
    }

    private void Choose(bool mayRotate)
    {
        _tracker.Clock.Calibrate();
        var now = _tracker.Clock.Now;
        var budget = _tracker.Options.ShownSeriesBudget;
        var shown = new List<ShownRun>();
        var live = new Dictionary<WorkflowDefinition, long>();
        var used = 0;
        foreach (var candidate in _tracker.MostWorthShowing(now, budget))
        {
            var run = candidate.Run;
            var stages = run.StageCount;
            var weight = Math.Max(LeastWeight, Math.Max(stages, run.Milestones.Count));

            // A run with more stages than the whole budget is shown without them: better than not at all.
            var showStages = weight <= budget;
            weight = showStages ? weight : LeastWeight;
            if (used + weight <= budget && MaySee(run, weight, mayRotate))
            {
                used += weight;
                shown.Add(run.Shown is { } known && known.ShowsStages == showStages ? known.Again() : run.Shown = new ShownRun(run, showStages));
                if (!run.IsEnded)
                {
                    live[run.Definition] = live.GetValueOrDefault(run.Definition) + 1;
                }
            }
        }

        if (_wantsRotation && mayRotate)
        {
            _wantsRotation = false;
            Rotate?.Invoke();
            _seen.Clear();
            _seenWeight = 0;
            foreach (var run in shown)
            {
                See(run.Run, Math.Max(LeastWeight, run.ShowsStages ? Math.Max(run.Run.StageCount, run.Run.Milestones.Count) : 0));
            }
        }

        _shown = [.. shown];
        _live = live;
    }

    // When the meter can't be made anew in this collection, a run that is new to it waits for the next.
    private bool MaySee(RunState run, int weight, bool mayRotate)
    {
        var known = _seen.GetValueOrDefault(run);
        if (_seenWeight + weight - known > RotateAt)
        {
            _wantsRotation = true;
            return mayRotate;
        }

        See(run, weight);
        return true;
    }

    private void See(RunState run, int weight)
    {
        var known = _seen.GetValueOrDefault(run);
        if (weight > known)
        {
            _seen[run] = weight;
            _seenWeight += weight - known;
        }
    }
}
