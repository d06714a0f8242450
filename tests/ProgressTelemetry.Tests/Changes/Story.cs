using System.Globalization;
using System.Text;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;

namespace ProgressTelemetry.Tests.Changes;

/// <summary>A run told change by change: what each brings about, and where the run and its stages then stand. Times are seconds since the run's start.</summary>
internal sealed class Story
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;
    private readonly StringBuilder _text = new();
    private readonly Effects _effects;
    private readonly Dictionary<string, StageAttempt> _attempts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskHandle> _tasks = new(StringComparer.Ordinal);
    private double _own = double.NaN;
    private double _at;

    public Story(RunPlan plan, bool tasksAreHeard = true)
    {
        _effects = new Effects { TasksAreHeard = tasksAreHeard };
        Run = new Run(plan, Epoch);
    }

    public Run Run { get; }

    public string Text => _text.ToString();

    /// <summary>From here on it is so late.</summary>
    public Story At(double seconds)
    {
        _at = seconds;
        return this;
    }

    /// <summary>The next change happened at this moment, and is told of later.</summary>
    public Story Happened(double seconds)
    {
        Run.Ledger.AcceptLateEvents();
        _own = seconds;
        return this;
    }

    public Story Begin(params PlannedStage[] stages) => Apply(new StartRun(stages), "the run starts");

    public Story Plan(params PlannedStage[] stages) => Apply(new PlanStages(stages), $"plan {string.Join(", ", stages.Select(s => s.Name))}");

    public Story Expect(long tasks) => Apply(new ExpectTotal(tasks), $"the run has {tasks} tasks");

    public Story Enter(string name, long? tasks = null, string? attempt = null)
    {
        var stage = Run.AddStage(name, isPlanned: false, _effects);
        var entered = _attempts[attempt ?? name] = new StageAttempt(stage);
        return Apply(new StartStage(entered, tasks), $"{attempt ?? name} starts{(tasks is null ? "" : $" with {tasks} tasks")}");
    }

    public Story Leave(string attempt, WorkflowResult result = WorkflowResult.Success, string? errorType = null, bool isDispose = false) =>
        Apply(new EndStage(_attempts[attempt], result, errorType, isDispose), $"{attempt} ends: {result}{(isDispose ? ", disposed" : "")}");

    public Story Expect(string attempt, long tasks) => Apply(new ExpectTasks(_attempts[attempt], tasks), $"{attempt} has {tasks} tasks");

    public Story Loop(string attempt, long tasks) => Apply(new BeginLoop(_attempts[attempt], tasks), $"{attempt}: a loop over {tasks}");

    public Story LeaveLoop(string attempt, long undone) => Apply(new LeaveLoop(_attempts[attempt], undone), $"{attempt}: the loop ends, {undone} undone");

    public Story Revise(string attempt, string? reason = null, string? version = null) => Apply(new Revise(_attempts[attempt], reason, version), $"{attempt} is revised");

    public Story Items(string attempt, string kind, long count) => Apply(new AddItems(_attempts[attempt], kind, count), $"{attempt}: {count} {kind}");

    public Story Add(string attempt, long count, WorkflowResult result = WorkflowResult.Success) => Apply(new AddTasks(_attempts[attempt], result, count), $"{attempt}: {count} tasks, {result}");

    public Story Count(string attempt, long total) => Apply(new CountTasks(_attempts[attempt], total), $"{attempt} has counted {total}");

    public Story Start(string attempt, string task, string? id = null)
    {
        var change = new StartTask(_attempts[attempt], id);
        return Tell($"{attempt}: task {task} starts", moment => _tasks[task] = Run.Apply<StartTask, TaskHandle>(change, moment, _effects));
    }

    public Story End(string task, WorkflowResult result = WorkflowResult.Success, bool isDispose = false)
    {
        var change = new EndTask(_tasks[task].Task!, _tasks[task].Version, result, isDispose);
        return Tell($"task {task} ends: {result}{(isDispose ? ", disposed" : "")}", moment => Run.Apply<EndTask, double?>(change, moment, _effects));
    }

    public Story Retry(string task, string? errorType = null) => Apply(new RetryTask(_tasks[task].Task!, _tasks[task].Version, errorType), $"task {task} is tried again");

    public Story Update(string attempt, string id, WorkflowTaskState state, double? completion = null) =>
        Apply(new UpdateTask(_attempts[attempt], id, state, completion), $"{attempt}: '{id}' is {state}{(completion is { } c ? $" {Number(c)}" : "")}");

    public Story Report(string attempt, double fraction) => Apply(new ReportFraction(_attempts[attempt], fraction), $"{attempt} reports {Number(fraction)}");

    public Story Wait(string attempt, string reason = "approval") => Apply(new BeginWait(_attempts[attempt], reason), $"{attempt} waits for {reason}");

    public Story GoOn(string attempt) => Apply(new EndWait(_attempts[attempt]), $"{attempt} goes on");

    public Story Look(TimeEstimate? estimate = null) => Apply(new Look(estimate), estimate is null ? "somebody looks" : $"somebody looks: {estimate.Remaining.TotalSeconds} s left");

    public Story Again(WorkflowResult result = WorkflowResult.Failure, string? errorType = null) => Apply(new RetryRun(result, errorType), "the run is tried again");

    public Story TakeOver() => Apply(default(TakeOverRun), "the run is taken over");

    public Story Finish(WorkflowResult result, string? errorType = null, bool isDispose = false, RunEnding ending = RunEnding.Own) =>
        Apply(new EndRun(result, errorType, isDispose, ending), $"the run ends: {result}{(isDispose ? ", disposed" : "")}{(ending == RunEnding.Own ? "" : $", {ending}")}");

    public Story Restore(RunShare before) => Apply(new RestoreRun(before), "the run goes on where it was left");

    public Story Hear(RunShare? before, RunShare after, Others activity, RunShare? own = null) =>
        Apply(new HearOfOthers(before, after, own ?? ShareAsOfNow(after), activity), $"others are heard of: {activity}");

    /// <summary>What this process has said of its stages so far.</summary>
    public RunShare ShareAsOfNow(RunShare like) =>
        like with { Stages = [.. Run.Stages.Select(stage => new StageShare { Name = stage.Name, DeclaredTasks = stage.Declared, EndedAt = stage.IsActive ? null : stage.EndedWall })] };

    public Story Told(Effect effect) => Apply(new TellDue(effect), $"it may be told: {effect.Due}");

    private Story Apply<T>(T change, string what)
        where T : struct, IChange<bool> => Tell(what, moment => Run.Apply<T, bool>(change, moment, _effects));

    private Story Tell<T>(string what, Func<Moment, T> apply)
    {
        var at = double.IsNaN(_own) ? _at : _own;
        _text.Append(CultureInfo.InvariantCulture, $"{Number(_at)} s: {what}{(double.IsNaN(_own) ? "" : $", at {Number(_own)} s")}\n");
        _own = double.NaN;
        apply(new Moment(at, _at, Epoch.AddSeconds(at)));
        if (_effects.Any)
        {
            foreach (var effect in _effects.Take())
            {
                _text.Append("    -> ").Append(Of(effect)).Append('\n');
                if (effect is { Kind: EffectKind.TasksCounted, Stage: { } counted })
                {
                    counted.IsCountPending = false;
                }
            }
        }

        _text.Append("    ").Append(OfRun()).Append('\n');
        foreach (var stage in Run.Stages)
        {
            _text.Append("      ").Append(Of(stage)).Append('\n');
        }

        return this;
    }

    private static string Of(in Effect e) => Line(
        e.Kind.ToString(),
        ("of", e.Stage?.Name),
        ("attempt", e.Attempt?.Number),
        ("at", e.At),
        ("wall", e.Wall == default ? null : (e.Wall - Epoch).TotalSeconds),
        ("result", e.Kind is EffectKind.RunEnded or EffectKind.StageEnded or EffectKind.TaskTimed or EffectKind.TaskAttemptFailed or EffectKind.RunRetried ? e.Result.ToString() : null),
        ("error", e.ErrorType),
        ("seconds", e.Seconds),
        ("count", e.Count),
        ("done", e.Done),
        ("expected", e.Expected),
        ("revisions", e.Revisions),
        ("text", e.Text),
        ("version", e.Version),
        ("task", e.Task is { } task ? $"{task.TaskId} {task.State} {task.TaskCompletion} {task.CompletedTasks}" : null),
        ("milestone", e.Milestone is { } milestone ? $"{milestone.Name} {(milestone.ReachedAt - Epoch)?.TotalSeconds}" : null),
        ("estimate", e.Estimate?.Remaining.TotalSeconds),
        ("because", e.Kind == EffectKind.Ignored ? e.Ignored.ToString() : null),
        ("due", e.Due == default ? null : e.Due.ToString()),
        ("quiet", e.IsQuiet ? "yes" : null));

    private string OfRun() => Line(
        Run.State.ToString(),
        ("done", Run.Done),
        ("of", Run.Expected),
        ("ratio", Run.Completion),
        ("partial", Run.Totals.Partial),
        ("worked", Run.WorkedAt(_at)),
        ("waited", Run.Ledger.Waited(_at)),
        ("open wait", Run.Ledger.OpenWaitAt(_at)),
        ("idle", Run.Ledger.IdleAt(_at)),
        ("silent", Run.Silence.At(_at)),
        ("longest", Run.Silence.LongestAt(_at)),
        ("limit", Run.StallThreshold),
        ("progress", (Run.Life.LastProgressWall - Epoch).TotalSeconds),
        ("quiet", (Run.Life.QuietSinceWall - Epoch).TotalSeconds),
        ("attempt", Run.Attempt > 1 ? Run.Attempt : null),
        ("late", Run.ForecastIsLate ? "yes" : null),
        ("ended", (Run.EndedWall - Epoch)?.TotalSeconds));

    private string Of(Stage s) => Line(
        $"{s.Name} {s.State(Run.Silence.IsStalled)}",
        ("done", s.Done),
        ("of", s.Expected),
        ("work", s.Counts.Work(s.Expected)),
        ("running", s.Running),
        ("age", s.Running > 0 ? _at - (s.SumStarted / s.Running) : null),
        ("timed", s.Counts.Timed),
        ("took", s.Counts.TimedSeconds),
        ("worked", s.Counts.WorkSeconds == s.Counts.TimedSeconds ? null : s.Counts.WorkSeconds),
        ("longest", s.Counts.LongestSeconds),
        ("counted", s.Counts.CountedWork),
        ("skipped", s.Counts.Skipped),
        ("failed", s.Counts.Failed),
        ("failed attempts", s.Counts.FailedAttempts),
        ("final failures", s.Counts.Final(WorkflowResult.Failure)),
        ("cut off", s.Counts.Final(WorkflowResult.Cancellation) + s.Counts.Final(WorkflowResult.Abandoned)),
        ("wall", Run.Ledger.WallAt(s, _at)),
        ("lost", s.Time.LostWall),
        ("waited", Run.Ledger.WaitAt(s, _at)),
        ("blocked", Run.Ledger.BlockedAt(s, _at)),
        ("open", s.Time.ActiveAt(_at)),
        ("last count", s.Time.ActiveAtCounted),
        ("attempts", s.AttemptCount),
        ("announced", s.AnnouncedByAttempts),
        ("in loops", s.AnnouncedByLoops),
        ("ended here", s.Attempts.Sum(attempt => attempt.Ended)),
        ("revisions", s.Revisions),
        ("items", s.Items.Count == 0 ? null : string.Join(' ', s.Items.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"{item.Value} {item.Key}"))),
        ("began", (s.StartedWall - Epoch)?.TotalSeconds),
        ("ended", (s.EndedWall - Epoch)?.TotalSeconds),
        ("next point", s.NextKnot == long.MaxValue ? null : s.NextKnot));

    private static string Line(string first, params (string Name, object? Value)[] rest) => first + string.Concat(rest
        .Select(part => (part.Name, Value: part.Value switch { double d => Number(d), long l => Number(l), int i => Number(i), null => "", var other => other.ToString() }))
        .Where(part => part.Value is not ("" or "0"))
        .Select(part => $", {part.Name} {part.Value}"));

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
