using ProgressTelemetry.Model;
using System.Runtime.InteropServices;

namespace ProgressTelemetry.Estimation;

/// <summary>A stage as the estimate sees it: numbers of tasks made definite.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct StageView
{
    /// <summary>The run's stage; null for one that only an earlier run or a declared total tells of.</summary>
    public Stage? Stage;

    public string Name;

    /// <summary>Where it stands in the run, or in the profile that it is known from.</summary>
    public int Index;

    /// <summary>Tasks expected, at least 1.</summary>
    public double Expected;

    public double Done;
    public double Running;

    /// <summary>Mean duration of a done task, s.</summary>
    public double Mean;

    /// <summary>Mean age of the running tasks, s.</summary>
    public double Age;

    /// <summary>Wall so far, s.</summary>
    public double Wall;

    /// <summary>Its whole wall as one earlier run predicts it, and how much of that its completed tasks stand for, s: a vote's working memory.</summary>
    public double ProfileWall, ProfileSpent;

    /// <summary>The same stage in the earlier run that is voting.</summary>
    public StageProfile? Profile;

    /// <summary>Predicted wall still to come, s: the votes' weighted sum, then mean.</summary>
    public double Remaining;
}

/// <summary>
/// All stages of a run, with the unknown made definite: a stage that counts no tasks is one task, itself; what a run-level total leaves belongs to the
/// open stages that declared nothing; else an earlier run tells how much a stage will do and, unless the run has a plan, which stages will still come.
/// </summary>
internal sealed class StageViews(Run run)
{
    private StageView[] _views = [];
    private int _count;

    public Span<StageView> All => _views.AsSpan(0, _count);

    public double Total { get; private set; }

    public bool AllDone { get; private set; }

    public double RemainingOf(Stage s) => s.Index < _count ? _views[s.Index].Remaining : 0;

    public void Scale(double factor)
    {
        foreach (ref var view in All)
            view.Remaining *= factor;
    }

    /// <summary>False when how much there is to do is unknown.</summary>
    public bool Read(double t, ReadOnlySpan<RunProfile> history)
    {
        var stages = run.Stages;
        var newest = history.IsEmpty ? null : history[0];
        var known = run.HasPlan || newest is not null || run.Total is not null;
        var (declared, undeclared) = (0.0, 0);
        Reserve(stages.Count + 1 + (newest?.Stages.Count ?? 0));
        for (var i = 0; i < stages.Count; i++)
        {
            var s = stages[i];
            known |= s.Expected is not null;
            declared += s.Expected ?? s.Done;
            if (s is { Expected: null, IsActive: true })
                undeclared++;
        }

        if (!known)
            return false;
        var rest = Math.Max(0, (run.Total ?? 0) - declared);
        for (var i = 0; i < stages.Count; i++)
        {
            var s = stages[i];
            ref var view = ref _views[i];
            Measure(s, t, ref view);
            if (s.Expected is null && run.Total is not null && s.IsActive)
                view.Expected = Math.Max(1, s.Done + (rest / undeclared));
            else if (!SetExpected(s, newest, ref view))
                return false;
            if (!s.IsTimed && s.Done == 0 && view.Running > 0)
                view.Running = Math.Pow(view.Expected, EstimatorConstants.CountedAtOnceExponent);
        }

        _count = stages.Count;
        if (run.Total is not null && undeclared == 0 && rest > 0)
            Add("", -1, rest);
        else if (run.Total is null && !run.HasPlan && newest is not null)
            AddStagesToCome(newest);
        Sum();
        return _count > 0;
    }

    private void Measure(Stage s, double t, ref StageView view)
    {
        view = new StageView { Stage = s, Name = s.Name, Index = s.Index, Done = s.Done, Wall = run.Ledger.WallAt(s, t), Expected = 1 };
        if (s.IsTimed)
        {
            view.Running = s.Running;
            view.Mean = s.Counts.Timed > 0 ? s.Counts.TimedSeconds / s.Counts.Timed : s.Time.ActiveAtCounted / Math.Max(1, s.Counts.CountedWork);
            view.Age = s.Running > 0 ? Math.Max(0, t - (s.SumStarted / s.Running)) : 0;
        }
        else
        {
            view.Running = s.Time.Units;
            view.Mean = s.Counts.CountedWork > 0 ? s.Time.ActiveAtCounted / s.Counts.CountedWork : s.Time.ActiveAt(t);
            view.Age = Math.Max(0, s.Time.ActiveAt(t) - s.Time.ActiveAtCounted);
        }
    }

    /// <summary>False when the stage counts tasks, is not over, and nothing tells how many there are.</summary>
    private static bool SetExpected(Stage s, RunProfile? newest, ref StageView view)
    {
        if (s.Finished || s is { Expected: 0, IsActive: false, Running: 0 })
        {
            view.Expected = view.Done = Math.Max(1, s.Done);
            view.Running = 0;
            return true;
        }

        if (s.Expected > 0)
        {
            view.Expected = s.Expected.Value;
            return true;
        }

        var before = newest?.Find(s.Name, s.Index);
        if (before is null && s.Done > 0)
            return false;
        view.Expected = Math.Max(before?.Tasks ?? 1, s.Done + 1.0);
        return true;
    }

    private void AddStagesToCome(RunProfile newest)
    {
        var stages = newest.Stages;
        for (var i = 0; i < stages.Count; i++)
        {
            if (!run.HasStage(stages[i].Name))
                Add(stages[i].Name, i, stages[i].Tasks);
        }
    }

    private void Add(string name, int index, double expected) =>
        _views[_count++] = new StageView { Name = name, Index = index, Expected = expected };

    private void Sum()
    {
        (Total, AllDone) = (0, true);
        foreach (ref var view in All)
        {
            Total += view.Expected;
            AllDone &= view.Done >= view.Expected;
        }
    }

    private void Reserve(int count)
    {
        if (_views.Length < count)
            _views = new StageView[count];
    }
}
