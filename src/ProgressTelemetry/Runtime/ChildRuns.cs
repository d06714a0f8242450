using System.Collections.Concurrent;
using ProgressTelemetry.Model;
using ProgressTelemetry.Model.Changes;

namespace ProgressTelemetry.Runtime;

/// <summary>A run that was started in a stage of another is a task of it: the task starts, moves and ends as the run does. A parent whose child moves isn't silent.</summary>
internal sealed class ChildRuns : IEffectSink
{
    private readonly ConcurrentDictionary<LiveRun, double> _live = new();

    public void Handle(LiveRun run, in Effect effect)
    {
        if (run.Identity.Parent is not { } parent)
        {
            return;
        }

        switch (effect.Kind)
        {
            case EffectKind.RunStarted:
                _live[run] = 0;
                Update(parent, run, WorkflowTaskState.Running, null);
                break;
            case EffectKind.RunEnded:
                _live.TryRemove(run, out _);
                Update(parent, run, effect.Result.ToTaskState(), null);
                break;
            case EffectKind.StageStarted or EffectKind.StageEnded or EffectKind.MilestoneReached:
                Follow(run);
                break;
            default:
                break;
        }
    }

    /// <summary>Tasks that were counted make no effect: on each tick parents hear how far their children are.</summary>
    public void Tick()
    {
        foreach (var (run, _) in _live)
        {
            Follow(run);
        }
    }

    private void Follow(LiveRun run)
    {
        if (run.Identity.Parent is { } parent && run.Read((r, _) => r.Model.Completion) is { } completion && _live.TryGetValue(run, out var known) && completion > known)
        {
            _live.TryUpdate(run, completion, known);
            Update(parent, run, WorkflowTaskState.Running, completion);
        }
    }

    // The id is of the child's own kind, so that a task of the parent's that has the same id is another.
    private static void Update(LiveStage parent, LiveRun run, WorkflowTaskState state, double? completion) =>
        parent.Run.Apply(new UpdateTask(parent.Attempt, "run:" + run.Id, state, completion));
}
