using System.Diagnostics.Metrics;
using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Signals;

/// <summary>
/// Keeps the counts that instruments read, under the run's lock: they are our own, and no collection sees a run half counted. Records durations outside it, since a meter's listeners are called then; what they throw is an error of
/// the tracker's, and stays here.
/// </summary>
internal sealed class MeterSink(DefinitionTable definitions, TrackerErrors errors) : IEffectSink
{
    /// <summary>Null only while the tracker is being made.</summary>
    public TrackerInstruments? Instruments { get; set; }

    public void Count(LiveRun run, Effect effect)
    {
        var workflow = definitions.Of(run);
        switch (effect.Kind)
        {
            case EffectKind.RunStarted:
                workflow.RunStarted();
                foreach (var milestone in run.Model.Milestones.All)
                {
                    workflow.Milestones.Of(milestone.Name);
                }

                break;
            case EffectKind.RunEnded:
                workflow.RunEnded(effect.Result == WorkflowResult.Success && run.Outcome.Ending != RunEnding.Left, effect.Wall);
                foreach (var stage in run.Model.Stages)
                {
                    definitions.Of(run, stage).Retire(run, stage);
                }

                break;
            case EffectKind.StageAdded:
                definitions.Of(run, effect.Stage!).Attach(run, effect.Stage!);
                break;
            case EffectKind.StageStarted:
                definitions.Of(run, effect.Stage!).AttemptStarted();
                break;
            case EffectKind.StageEnded:
                definitions.Of(run, effect.Stage!).AttemptEnded();
                break;
            case EffectKind.StageRevised:
                definitions.Of(run, effect.Stage!).Revised();
                break;
            case EffectKind.ItemsRecorded:
                definitions.Of(run, effect.Stage!).Items.Of(effect.Text!).Add(effect.Count);
                break;
            case EffectKind.MilestoneReached:
                workflow.Milestones.Of(effect.Milestone!.Name).Add(1);
                break;
            case EffectKind.Stalled:
                workflow.Stalled();
                break;
            default:
                break;
        }
    }

    public void Handle(LiveRun run, in Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.RunEnded or EffectKind.RunEndTold when effect.TellsEnd:
                Record(Instruments?.RunDuration, effect.Seconds, definitions.Of(run).RunDuration.For(effect.Result, effect.ErrorType), run.Activity);
                break;
            case EffectKind.StageEnded:
                Record(
                    Instruments?.StageDuration,
                    effect.Seconds,
                    definitions.Of(run, effect.Stage!).StageDuration.For(effect.Result, effect.ErrorType),
                    (effect.Attempt!.Owner as LiveStage)?.Activity);
                break;
            case EffectKind.TaskTimed:
                TaskEnded(run, effect.Stage!, effect.Result, effect.Seconds);
                break;
            default:
                break;
        }
    }

    /// <summary>A timed task ended; the only effect that is not queued, since there may be millions.</summary>
    public void TaskEnded(LiveRun run, Stage stage, WorkflowResult result, double seconds) =>
        Record(Instruments?.TaskDuration, seconds, definitions.Of(run, stage).TaskDuration.For(result));

    private void Record(Histogram<double>? histogram, double seconds, KeyValuePair<string, object?>[] tags, System.Diagnostics.Activity? activity)
    {
        // The run's own trace is the exemplar that a reader of this histogram wants.
        using var _ = activity.AsCurrent();
        Record(histogram, seconds, tags);
    }

    private void Record(Histogram<double>? histogram, double seconds, KeyValuePair<string, object?>[] tags)
    {
        try
        {
            histogram?.Record(seconds, tags);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            errors.Add(TrackerErrors.PublishFailed, "a listener of the meter failed", e);
        }
    }
}
