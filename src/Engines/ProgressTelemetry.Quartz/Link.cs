using Quartz;

namespace ProgressTelemetry.Quartz;

/// <summary>A trigger that waits for another's firing to end.</summary>
/// <param name="Trigger">The trigger that waits.</param>
/// <param name="Job">The job that it fires.</param>
/// <param name="Parent">The trigger that it waits for.</param>
/// <param name="When">On which outcomes of that one's firing it fires.</param>
internal sealed record Link(TriggerKey Trigger, JobKey Job, TriggerKey Parent, ContinuationCondition When);
