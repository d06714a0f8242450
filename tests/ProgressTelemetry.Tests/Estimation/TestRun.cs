using ProgressTelemetry.Estimation;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;

namespace ProgressTelemetry.Tests.Estimation;

/// <summary>A run's model driven by hand, in seconds since its start: the changes that the tracker applies, without tracker or clock. A stage that is told of without having been entered is entered by its first event.</summary>
internal sealed class TestRun
{
    private readonly Run _run = new(new RunPlan(), DateTimeOffset.UnixEpoch);
    private readonly Effects _effects = new();
    private readonly Forecast _forecast;
    private readonly Dictionary<Stage, Stack<(double Started, TimedTask Task)>> _tasks = [];

    public TestRun() => _forecast = new Forecast(_run);

    public IReadOnlyList<Stage> Stages => _run.Stages;

    public Run Model => _run;

    public double IdleSeconds => _run.Ledger.IdleAt(_run.Ledger.Now);

    public double LastProgress => _run.Silence.LastProgress;

    public Stage AddStage(string name, long? expectedTasks)
    {
        var isNew = _run.FindStage(name) is null;
        var stage = _run.AddStage(name, isPlanned: true, _effects);
        if (isNew && expectedTasks is { } tasks)
        {
            stage.Declare(tasks);
            _run.Totals.Update(stage);
        }

        return stage;
    }

    public void ExpectTotal(long total) => _run.ExpectTotal(total);

    public void Expect(Stage s, long tasks, double t) => Apply(new ExpectTasks(Attempt(s, t), Math.Max(tasks, s.Declared ?? 0)), t);

    public double Start(Stage s, double t)
    {
        var attempt = Attempt(s, t);
        var at = At(t);
        var task = _run.Apply<StartTask, TaskHandle>(new StartTask(attempt, null), at, _effects).Task!;
        Tasks(s).Push((at.At, task));
        return at.At;
    }

    public void Complete(Stage s, double t, double started, WorkflowResult result = WorkflowResult.Success)
    {
        var tasks = Tasks(s);
        var known = tasks.Where(task => task.Started == started).Concat(tasks).ToList();
        if (known.Count == 0)
        {
            Start(s, double.IsFinite(started) ? started : t);
            Complete(s, t, Tasks(s).Peek().Started, result);
            return;
        }

        var ended = known[0];
        _tasks[s] = new Stack<(double, TimedTask)>(tasks.Where(task => task.Task != ended.Task).Reverse());
        _run.Apply<EndTask, double?>(new EndTask(ended.Task, ended.Task.Version, result, IsDispose: false), At(t), _effects);
    }

    public void Enter(Stage s, double t) => Apply(new StartStage(new StageAttempt(s), null), t);

    public void Leave(Stage s, double t, bool finished = true)
    {
        if (s.Attempts.Count > 0)
        {
            Apply(new EndStage(s.Attempts[^1], finished ? WorkflowResult.Success : WorkflowResult.Failure, null, IsDispose: true), t);
        }
    }

    /// <summary>The counted tasks of the stage that are done, the latest of them at <paramref name="last"/>, told of at <paramref name="t"/>.</summary>
    public void Count(Stage s, long total, double last, double t)
    {
        var now = At(t);
        var attempt = Attempt(s, t);
        total = Math.Min(total, 1L << 53);
        if (total <= attempt.Counted)
        {
            _run.Apply<Look, bool>(new Look(null), now, _effects);
            return;
        }

        _run.Apply<CountTasks, bool>(new CountTasks(attempt, total), now with { At = double.IsFinite(last) ? Math.Clamp(last, 0, now.At) : now.At }, _effects);
    }

    public void Skip(Stage s, long count, double t) => Apply(new AddTasks(Attempt(s, t), WorkflowResult.Skip, count), t);

    public void Report(Stage s, double fraction, double t) => Apply(new ReportFraction(Attempt(s, t), fraction), t);

    public void BeginWait(Stage s, double t) => Apply(new BeginWait(Attempt(s, t), "wait"), t);

    public void EndWait(Stage s, double t)
    {
        if (s.Attempts.Count > 0)
        {
            Apply(new EndWait(s.Attempts[^1]), t);
        }
    }

    public double WallAt(Stage s, double t) => _run.Ledger.WallAt(s, t);

    public double WaitAt(Stage s, double t) => _run.Ledger.WaitAt(s, t);

    public double Waited(double t) => _run.Ledger.Waited(t);

    public double BlockedAt(Stage s, double t) => _run.Ledger.BlockedAt(s, t);

    public double IdleAt(double t) => _run.Ledger.IdleAt(t);

    public double SilenceAt(double t) => _run.Silence.At(t);

    public double SilenceLimit(RunProfile[] history) => _run.Silence.Limit(history);

    public double LongestSilenceAt(double t) => _run.Silence.LongestAt(t);

    public Estimate? Predict(double t, ReadOnlySpan<RunProfile> history) => _forecast.Predict(_run.Ledger.Clamp(t), history);

    public Bottleneck FindBottleneck(double t, ReadOnlySpan<RunProfile> history, bool isOver = false) => _forecast.FindBottleneck(_run.Ledger.Clamp(t), history, isOver);

    public double RemainingWall(Stage s) => _forecast.RemainingWall(s);

    public RunProfile ToProfile(double t, string? version) => ProfileMaker.Of(_run, t, version);

    private Stack<(double Started, TimedTask Task)> Tasks(Stage s)
    {
        if (!_tasks.TryGetValue(s, out var tasks))
        {
            _tasks[s] = tasks = new();
        }

        return tasks;
    }

    private StageAttempt Attempt(Stage s, double t)
    {
        if (s.Attempts.Count == 0)
        {
            Enter(s, t);
        }

        return s.Attempts[^1];
    }

    private void Apply<T>(in T change, double t)
        where T : struct, IChange<bool>
    {
        _run.Apply<T, bool>(change, At(t), _effects);
        _effects.Take();
    }

    private Moment At(double t)
    {
        var now = _run.Ledger.Clamp(t);
        return new Moment(now, now, DateTimeOffset.UnixEpoch.AddSeconds(Math.Min(now, 1e9)));
    }
}
