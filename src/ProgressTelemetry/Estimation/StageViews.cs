using ProgressTelemetry.Model;
using static ProgressTelemetry.Estimation.EstimatorConstants;

namespace ProgressTelemetry.Estimation;

/// <summary>
/// All stages of a run, with the unknown made definite: a stage that counts no tasks is one task, itself; what a run-level total leaves belongs to the
/// open stages that declared none, or to a nameless stage to come; of a run without a plan the newest profile tells the sizes and the stages to come. Keeps its working memory between predictions.
/// </summary>
internal sealed class StageViews(Run run)
{
    private StageView[] _views = [];
    private int _count;

    public Span<StageView> All => _views.AsSpan(0, _count);

    /// <summary>Tasks to be worked in all stages, at least 1.</summary>
    public double Total { get; private set; }

    /// <summary>Whether all that was declared is done, as far as reports tell.</summary>
    public bool AllDone { get; private set; }

    /// <summary>Whether a stage has begun, and none with timed tasks.</summary>
    public bool IsMerelyCounted { get; private set; }

    public double RemainingOf(Stage s) => s.Index < _count ? _views[s.Index].Remaining : 0;

    /// <summary>Adds the parts that a vote left in the views, with its weight.</summary>
    public void Add(double weight, double worked)
    {
        var whole = worked;
        foreach (ref readonly var view in All)
            whole += view.Part;
        foreach (ref var view in All)
        {
            view.Remaining += weight * view.Part;
            view.Share += weight * (view.Wall + view.Part) / whole;
        }
    }

    public void Scale(double factor)
    {
        foreach (ref var view in All)
        {
            view.Remaining *= factor;
            view.Share *= factor;
        }
    }

    /// <summary>False when how much there is to do is unknown.</summary>
    public bool Read(double t, ReadOnlySpan<RunProfile> history)
    {
        var stages = run.Stages;
        var newest = history.IsEmpty ? null : history[0];
        var known = run.HasPlan || newest is not null || run.Total is not null;
        var (declared, undeclared) = (0.0, 0);
        _count = 0;
        Reserve(stages.Count + 1 + (newest?.Stages.Count ?? 0));
        for (var i = 0; i < stages.Count; i++)
        {
            var s = stages[i];
            known |= s.Expected is not null || s.PartialWork > 0;
            declared += s.Expected ?? s.Done;
            if (s is { Expected: null, IsOpen: true })
                undeclared++;
        }

        if (!known)
            return false;
        var rest = Math.Max(0, (run.Total ?? 0) - declared);
        for (var i = 0; i < stages.Count; i++)
        {
            var s = stages[i];
            var expected = s.Expected is null && run.Total is not null && s.IsOpen ? Math.Max(1, s.Done + (rest / undeclared)) : ExpectedOf(s, newest);
            if (double.IsNaN(expected))
                return false;
            _views[i] = Measure(s, t, expected);
        }

        _count = stages.Count;
        if (run.Total is not null && undeclared == 0 && rest > 0)
            Add("", -1, rest);
        else if (run.Total is null && !run.HasPlan && newest is not null)
            AddStagesToCome(newest);
        Sum();
        return _count > 0;
    }

    /// <summary>
    /// The one place that says what counts as work and as pace. Skipped tasks are neither to be done nor done, and have no duration; a reported fraction of a task is that part of it
    /// done, and as long as a stage reports fractions they, not the age of its tasks, tell how far those are.
    /// </summary>
    private StageView Measure(Stage s, double t, double expected)
    {
        var view = new StageView
        {
            Name = s.Name,
            Index = s.Index,
            Expected = Math.Max(0, expected - s.Counts.Skipped),
            Done = IsOver(s) ? Math.Max(0, expected - s.Counts.Skipped) : Math.Max(0, s.Done - s.Counts.Skipped),
            IsTimed = s.IsTimed,
            Wall = run.WorkWallAt(s, t),
            Waited = run.Ledger.BlockedAt(s, t),
            IsWaiting = s.Waits > 0,
        };
        if (view.Done < view.Expected && double.IsFinite(s.PartialWork))
            view.Partial = Math.Clamp(s.PartialWork, 0, (view.Expected - view.Done) * (1 - LeastUndone));
        view.IsPaced = view.Progress > 0;
        if (s.IsTimed)
            MeasureTimed(s, t, ref view);
        else
            MeasureCounted(s, t, ref view);
        return view;
    }

    private static void MeasureTimed(Stage s, double t, ref StageView view)
    {
        view.Running = IsOver(s) ? 0 : s.Running;
        view.Age = s.Running > 0 ? Math.Max(0, t - (s.SumStarted / s.Running)) : 0;
        view.Longest = s.Counts.LongestSeconds;
        view.Mean = s.Counts.Timed > 0 ? s.Counts.WorkSeconds / s.Counts.Timed
            : s.Counts.CountedWork > 0 ? s.Time.ActiveAtCounted / s.Counts.CountedWork
            : view.Partial > 0 ? s.Running * view.Age / view.Partial
            : 0;
    }

    /// <summary>Counted tasks are taken to run one after the other, and how many run at once is a guess until the first has ended or told of itself.</summary>
    private static void MeasureCounted(Stage s, double t, ref StageView view)
    {
        var active = s.Time.ActiveAt(t);
        view.Running = IsOver(s) ? 0 : s.Time.Units;
        view.Age = Math.Max(0, active - s.Time.ActiveAtCounted);
        view.Mean = view.Partial > 0 ? active / view.Progress
            : s.Counts.CountedWork > 0 ? s.Time.ActiveAtCounted / s.Counts.CountedWork
            : active;
        view.Longest = s.Counts.CountedWork > 0 ? view.Mean : 0;
        if (!view.IsPaced && view.Running > 0)
            view.Running = Math.Pow(view.Expected, CountedAtOnceExponent);
    }

    private static bool IsOver(Stage s) => s.Finished || s is { Expected: 0, IsOpen: false, Running: 0 };

    /// <summary>All tasks of the stage, skipped ones included; NaN when it counts tasks, is not over, and nothing tells how many there are.</summary>
    private static double ExpectedOf(Stage s, RunProfile? newest)
    {
        if (IsOver(s))
            return Math.Max(1, s.Done);
        if (s.Expected > 0)
            return s.Expected.Value;
        var before = newest?.Find(s.Name, s.Index);
        return before is null && s.Done > 0 ? double.NaN : Math.Max(before?.Tasks ?? 1, s.Done + 1.0);
    }

    private void AddStagesToCome(RunProfile newest)
    {
        var stages = newest.Stages;
        for (var i = 0; i < stages.Count; i++)
        {
            if (run.FindStage(stages[i].Name) is null)
                Add(stages[i].Name, i, stages[i].Tasks);
        }
    }

    private void Add(string name, int index, double expected) =>
        _views[_count++] = new StageView { Name = name, Index = index, Expected = expected };

    private void Sum()
    {
        var (total, timed, begun) = (0.0, false, false);
        AllDone = true;
        foreach (ref readonly var view in All)
        {
            total += view.Expected;
            AllDone &= view.IsDone || view.Partial >= (view.Expected - view.Done) * (1 - (2 * LeastUndone));
            timed |= view.IsTimed;
            begun |= view.Running > 0 || view.IsPaced;
        }

        (Total, IsMerelyCounted) = (Math.Max(1, total), begun && !timed);
    }

    private void Reserve(int count)
    {
        if (_views.Length < count)
            _views = new StageView[count];
    }
}
