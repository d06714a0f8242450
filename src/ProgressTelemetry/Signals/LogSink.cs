using Microsoft.Extensions.Logging;
using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Signals;

/// <summary>Writes milestones, stalls and results as log records, inside the span of the run or stage, so that they carry its trace.</summary>
internal sealed class LogSink(ILogger logger) : IEffectSink
{
    public void Handle(LiveRun run, in Effect effect)
    {
        if (effect.Kind is EffectKind.StageAdded or EffectKind.StageStarted or EffectKind.TaskTimed or EffectKind.TaskUpdated or EffectKind.TasksCounted or EffectKind.ItemsRecorded or EffectKind.TaskAttemptFailed or EffectKind.Due)
        {
            return;
        }

        using var _ = ((effect.Attempt?.Owner as LiveStage)?.Activity ?? run.Activity).AsCurrent();
        Write(run, effect);
    }

    private void Write(LiveRun run, in Effect effect)
    {
        var stage = effect.Stage?.Name ?? "";
        switch (effect.Kind)
        {
            case EffectKind.RunStarted:
                TrackerLog.RunStarted(logger, run.Workflow, run.Id);
                break;
            case EffectKind.RunEnded or EffectKind.RunEndTold when !effect.TellsEnd:
                break;
            case EffectKind.RunEnded or EffectKind.RunEndTold when effect.Result.IsError() || effect.Result == WorkflowResult.Abandoned:
                TrackerLog.RunEndedBadly(logger, run.Workflow, run.Id, effect.Result.Name(), effect.ErrorType ?? "no error type", run.Final!.Elapsed, run.Final.CompletedTasks);
                break;
            case EffectKind.RunEnded or EffectKind.RunEndTold:
                TrackerLog.RunEnded(logger, run.Workflow, run.Id, effect.Result.Name(), run.Final!.Elapsed, run.Final.CompletedTasks);
                break;
            case EffectKind.RunRetried:
                TrackerLog.RunRetried(logger, run.Workflow, run.Id, effect.Count, effect.ErrorType ?? "no error type");
                break;
            case EffectKind.StageEnded:
                TrackerLog.StageEnded(logger, run.Workflow, run.Id, stage, effect.Result.Name());
                break;
            case EffectKind.MilestoneReached:
                TrackerLog.MilestoneReached(logger, run.Workflow, run.Id, effect.Milestone!.Name);
                break;
            case EffectKind.StageRevised:
                TrackerLog.StageRevised(logger, run.Workflow, run.Id, stage, effect.Text, effect.Version);
                break;
            case EffectKind.WaitStarted:
                TrackerLog.StageWaits(logger, run.Workflow, run.Id, stage, effect.Text!);
                break;
            case EffectKind.Stalled:
                TrackerLog.RunStalled(logger, run.Workflow, run.Id, TimeSpan.FromSeconds(effect.Seconds));
                break;
            case EffectKind.Resumed:
                TrackerLog.RunResumed(logger, run.Workflow, run.Id);
                break;
            case EffectKind.ForecastLate:
                TrackerLog.DeadlineForecastLate(logger, run.Workflow, run.Id, effect.Estimate!.Expected);
                break;
            case EffectKind.DeadlineMissed:
                TrackerLog.DeadlineMissed(logger, run.Workflow, run.Id);
                break;
            default:
                break;
        }
    }
}
