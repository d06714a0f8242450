using ProgressTelemetry.Runtime;
using static ProgressTelemetry.Signals.SignalNames;

namespace ProgressTelemetry.Signals;

/// <summary>The limits that all pairs of workflow and stage share, and what is counted past them.</summary>
internal sealed class StageLimits(TrackerErrors errors)
{
    public SeriesLimit StageDuration { get; } = new(Tracker.StageDuration, errors);

    public SeriesLimit TaskDuration { get; } = new(Tracker.TaskDuration, errors);

    public SeriesLimit Tasks { get; } = new(Tracker.StageTasks, errors);

    public SeriesLimit Items { get; } = new(Tracker.StageItems, errors);

    public NamedCount OtherItem { get; } = new([new(Attributes.ItemKind, Other), new(Attributes.Workflow, Other), new(Attributes.Stage, Other)]);
}
