using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.Tests;

/// <summary>One call of a random sequence: which verb, on which of the things at hand, with which number.</summary>
public sealed record ApiCall(int Kind, int Which, int Number);

/// <summary>Makes random calls on a run, late, duplicate and out of order ones among them; without a clock, none that moves the time.</summary>
internal sealed class ApiCaller(ProgressTracker tracker, WorkflowRun run, WorkflowStage first, ManualTimeProvider? clock) : IDisposable
{
    public const int LastKind = 29;

    private static readonly string[] Names = ["a", "b", "c"];
    private readonly List<WorkflowStage> _stages = [first];
    private readonly List<WorkflowTask> _tasks = [];
    private readonly List<WaitScope> _waits = [];
    private readonly List<WorkflowRun> _children = [];
    private IDisposable? _subscription;

    public void Make(ApiCall call)
    {
        var (kind, which, number) = call;
        var stage = _stages[which % _stages.Count];
        switch (kind)
        {
            case 0 or 1:
                stage.CompleteTask();
                break;
            case 2:
                stage.CompleteTasks(number);
                break;
            case 3:
                stage.FailTask();
                break;
            case 4:
                stage.SkipTasks(number);
                break;
            case 5:
                _tasks.Add(stage.StartTask());
                break;
            case 6 when _tasks.Count > 0:
                _tasks[number % _tasks.Count].Complete();
                break;
            case 7 when _tasks.Count > 0:
                _tasks[number % _tasks.Count].Dispose();
                break;
            case 8:
                stage.UpdateTask($"t{number}", (WorkflowTaskState)(number % 6), number / 12.0);
                break;
            case 9:
                run.UpdateTask($"t{number}", (WorkflowTaskState)(which % 6), number / 12.0);
                break;
            case 10:
                _stages.Add(run.StartStage(Names[which], number % 2 == 0 ? number : null));
                break;
            case 11:
                stage.Complete();
                break;
            case 12:
                stage.Dispose();
                break;
            case 13:
                stage.ExpectTasks(number);
                break;
            case 14:
                stage.RecordRevision("again");
                break;
            case 15:
                stage.RecordItems("k" + which, number);
                break;
            case 16:
                _waits.Add(stage.Wait("approval"));
                break;
            case 17 when _waits.Count > 0:
                _waits[number % _waits.Count].Dispose();
                break;
            case 18:
                clock?.Advance(TimeSpan.FromSeconds(number * which * which * 5));
                break;
            case 19 when number < 3:
                run.ExpectTasks(number * 10);
                break;
            case 20 when number == 0:
                run.End((WorkflowResult)which);
                break;
            case 20 when number == 1:
                clock?.JumpWallClock(TimeSpan.FromHours(which - 1));
                break;
            case 20 when number == 2:
                run.Retry("again");
                break;
            case 21:
                stage.AsProgress().Report((number - 1) / 10.0);
                break;
            case 22:
                _tasks.Add(stage.StartTask($"t{number}"));
                break;
            case 23 when _tasks.Count > 0:
                _tasks[number % _tasks.Count].Retry();
                break;
            case 24 when _tasks.Count > 0:
                _tasks[number % _tasks.Count].Fail();
                break;
            case 25:
                stage.At(tracker.UtcNow - TimeSpan.FromSeconds(number)).CompleteTask();
                break;
            case 26:
                run.Plan(new PlannedStage(Names[which], number));
                break;
            case 27:
                _children.Add(tracker.StartWorkflow("child", new WorkflowRunOptions { ParentStage = stage }));
                break;
            case 28 when _children.Count > 0:
                _children[number % _children.Count].End((WorkflowResult)which);
                break;
            case 29:
                _subscription?.Dispose();
                _subscription = number % 2 == 0 ? tracker.Subscribe(new Deaf()) : null;
                break;
            default:
                break;
        }
    }

    public void EndChildren() => _children.ForEach(child => child.Complete());

    public void Dispose() => _subscription?.Dispose();

    private sealed class Deaf : ProgressListener;
}
