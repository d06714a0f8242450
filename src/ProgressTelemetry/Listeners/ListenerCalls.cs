using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Listeners;

/// <summary>Which effect calls which member of a listener.</summary>
internal static class ListenerCalls
{
    public static void Tell(ProgressListener listener, LiveRun run, in Effect effect, WorkflowStatus? final)
    {
        var handle = WorkflowRun.Of(run);
        switch (effect.Kind)
        {
            case EffectKind.RunStarted:
                listener.OnRunStarted(handle);
                break;
            case EffectKind.RunEnded or EffectKind.RunEndTold when effect.TellsEnd:
                listener.OnRunEnded(handle, final!);
                break;
            case EffectKind.RunRetried:
                listener.OnRunRetried(handle, (int)effect.Count, effect.ErrorType);
                break;
            case EffectKind.StageStarted:
                listener.OnStageStarted(StageOf(effect));
                break;
            case EffectKind.StageEnded:
                listener.OnStageEnded(StageOf(effect), effect.Result);
                break;
            case EffectKind.TaskUpdated:
                listener.OnTaskUpdated(handle, effect.Task!.Value);
                break;
            case EffectKind.TasksCounted:
                listener.OnTaskUpdated(handle, run.Open.TakeCounts(effect.Stage!));
                break;
            case EffectKind.MilestoneReached:
                listener.OnMilestoneReached(handle, effect.Milestone!);
                break;
            case EffectKind.StageRevised:
                listener.OnRevision(StageOf(effect), effect.Text, effect.Version);
                break;
            case EffectKind.Stalled:
                listener.OnStalled(handle, TimeSpan.FromSeconds(effect.Seconds));
                break;
            case EffectKind.Resumed:
                listener.OnResumed(handle);
                break;
            case EffectKind.ForecastLate:
                listener.OnDeadlineForecastLate(handle, effect.Estimate!);
                break;
            case EffectKind.DeadlineMissed:
                listener.OnDeadlineMissed(handle);
                break;
            default:
                break;
        }
    }

    private static WorkflowStage StageOf(in Effect effect) => WorkflowStage.Of((LiveStage)effect.Attempt!.Owner!);
}
