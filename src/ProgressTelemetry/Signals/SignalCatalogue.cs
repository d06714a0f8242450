using static ProgressTelemetry.Signals.SignalNames;

namespace ProgressTelemetry.Signals;

/// <summary>The kinds of instrument in use.</summary>
internal enum InstrumentKind
{
    Counter,
    UpDownCounter,
    Gauge,
    Histogram,
}

/// <summary>One instrument: what it is made from, and what dashboards, rules and documents are checked against.</summary>
/// <param name="Meter">The meter it belongs to.</param>
/// <param name="Name">Its OpenTelemetry name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Unit">Its unit (UCUM).</param>
/// <param name="ScrapedAs">Its name in Prometheus, for a histogram without <c>_bucket</c>, <c>_sum</c> and <c>_count</c>.</param>
/// <param name="Description">What it says.</param>
/// <param name="AttributeKeys">Its attributes, in ordinal order.</param>
internal sealed record InstrumentDefinition(
    string Meter, string Name, InstrumentKind Kind, string Unit, string ScrapedAs, string Description, params string[] AttributeKeys);

/// <summary>Every instrument of the library.</summary>
internal static class SignalCatalogue
{
    public static IReadOnlyList<InstrumentDefinition> Tracker { get; } =
    [
        Of(TrackerMeter, SignalNames.Tracker.Heartbeat, InstrumentKind.Gauge, "s", "progress_tracker_heartbeat_timestamp_seconds",
            "When the tracker's timer last ran (Unix time)."),
        Of(TrackerMeter, SignalNames.Tracker.Errors, InstrumentKind.Counter, "{error}", "progress_tracker_errors_total",
            "What the tracker ignored or survived, by kind.", Attributes.ErrorType),
        Of(TrackerMeter, SignalNames.Tracker.RunActive, InstrumentKind.UpDownCounter, "{run}", "workflow_run_active",
            "Runs that have started and not ended.", Attributes.Workflow),
        Of(TrackerMeter, SignalNames.Tracker.RunHidden, InstrumentKind.Gauge, "{run}", "workflow_run_hidden",
            "Live runs without series of their own.", Attributes.Workflow),
        Of(TrackerMeter, SignalNames.Tracker.RunDuration, InstrumentKind.Histogram, "s", "workflow_run_duration_seconds",
            "Duration of ended runs.", Attributes.ErrorType, Attributes.Workflow, Attributes.RunResult),
        Of(TrackerMeter, SignalNames.Tracker.RunStalls, InstrumentKind.Counter, "{stall}", "workflow_run_stalls_total",
            "Silences longer than the run's stall threshold.", Attributes.Workflow),
        Of(TrackerMeter, SignalNames.Tracker.RunLastSuccess, InstrumentKind.Gauge, "s", "workflow_run_last_success_timestamp_seconds",
            "When a run last ended well (Unix time).", Attributes.Workflow),
        Of(TrackerMeter, SignalNames.Tracker.StageActive, InstrumentKind.UpDownCounter, "{stage}", "workflow_stage_active",
            "Stages that have started and not ended.", Attributes.Workflow, Attributes.Stage),
        Of(TrackerMeter, SignalNames.Tracker.StageDuration, InstrumentKind.Histogram, "s", "workflow_stage_duration_seconds",
            "Duration of ended stages, each attempt on its own.", Attributes.ErrorType, Attributes.Workflow, Attributes.Stage, Attributes.StageResult),
        Of(TrackerMeter, SignalNames.Tracker.StageTasks, InstrumentKind.Counter, "{task}", "workflow_stage_tasks_total",
            "Tasks that ended.", Attributes.Workflow, Attributes.Stage, Attributes.TaskResult),
        Of(TrackerMeter, SignalNames.Tracker.TaskAttempts, InstrumentKind.Counter, "{attempt}", "workflow_stage_task_attempts_total",
            "Attempts at tasks that failed and were, or could be, followed by another.", Attributes.Workflow, Attributes.Stage),
        Of(TrackerMeter, SignalNames.Tracker.TaskDuration, InstrumentKind.Histogram, "s", "workflow_task_duration_seconds",
            "Duration of timed tasks.", Attributes.Workflow, Attributes.Stage, Attributes.TaskResult),
        Of(TrackerMeter, SignalNames.Tracker.StageRevisions, InstrumentKind.Counter, "{revision}", "workflow_stage_revisions_total",
            "Times that a stage's work was sent back.", Attributes.Workflow, Attributes.Stage),
        Of(TrackerMeter, SignalNames.Tracker.StageItems, InstrumentKind.Counter, "{item}", "workflow_stage_items_total",
            "Domain items that a stage processed, by kind.", Attributes.ItemKind, Attributes.Workflow, Attributes.Stage),
        Of(TrackerMeter, SignalNames.Tracker.StageThroughput, InstrumentKind.Gauge, "{task}/s", "workflow_stage_throughput_per_second",
            "Tasks ended per second, over about the last minute.", Attributes.Workflow, Attributes.Stage),
        Of(TrackerMeter, SignalNames.Tracker.StageWallTime, InstrumentKind.Counter, "s", "workflow_stage_wall_time_seconds_total",
            "Wall-clock time shared out among the tasks (or stages) that were running.", Attributes.Workflow, Attributes.Stage),
        Of(TrackerMeter, SignalNames.Tracker.StageWaitTime, InstrumentKind.Counter, "s", "workflow_stage_wait_time_seconds_total",
            "Time inside a declared wait.", Attributes.Workflow, Attributes.Stage),
        Of(TrackerMeter, SignalNames.Tracker.MilestoneReached, InstrumentKind.Counter, "{milestone}", "workflow_milestone_reached_total",
            "Milestones reached.", Attributes.Milestone, Attributes.Workflow),
    ];

    public static IReadOnlyList<InstrumentDefinition> Runs { get; } =
    [
        Of(RunsMeter, SignalNames.Runs.Info, InstrumentKind.Gauge, "", "workflow_run_info",
            "Always 1; the run's trace, parent and version.", Attributes.TraceId, Attributes.Workflow, Attributes.RunId, Attributes.RunParentId, Attributes.Version),
        Of(RunsMeter, SignalNames.Runs.State, InstrumentKind.Gauge, "", "workflow_run_state",
            "0 pending, 1 running, 2 waiting, 3 stalled, 4 succeeded, 5 failed, 6 cancelled, 7 abandoned.", Attributes.Workflow, Attributes.RunId),
        Of(RunsMeter, SignalNames.Runs.Completion, InstrumentKind.Gauge, "1", "workflow_run_completion_ratio",
            "Completion from 0 to 1; absent while the number of tasks is unknown.", Attributes.Workflow, Attributes.RunId),
        Of(RunsMeter, SignalNames.Runs.TasksCompleted, InstrumentKind.Gauge, "{task}", "workflow_run_tasks_completed",
            "Tasks that ended, whatever their result.", Attributes.Workflow, Attributes.RunId),
        Of(RunsMeter, SignalNames.Runs.TasksExpected, InstrumentKind.Gauge, "{task}", "workflow_run_tasks_expected",
            "Tasks expected; absent while unknown.", Attributes.Workflow, Attributes.RunId),
        Of(RunsMeter, SignalNames.Runs.Start, InstrumentKind.Gauge, "s", "workflow_run_start_timestamp_seconds",
            "When the run started (Unix time).", Attributes.Workflow, Attributes.RunId),
        Of(RunsMeter, SignalNames.Runs.LastProgress, InstrumentKind.Gauge, "s", "workflow_run_last_progress_timestamp_seconds",
            "When the run last made progress, or came back from a declared wait (Unix time).", Attributes.Workflow, Attributes.RunId),
        Of(RunsMeter, SignalNames.Runs.Deadline, InstrumentKind.Gauge, "s", "workflow_run_deadline_timestamp_seconds",
            "When the run should have ended (Unix time).", Attributes.Workflow, Attributes.RunId),
        Of(RunsMeter, SignalNames.Runs.EstimatedEnd, InstrumentKind.Gauge, "s", "workflow_run_estimated_end_timestamp_seconds",
            "When the run is expected to end, with the ends of an 80 % interval (Unix time).", Attributes.Estimate, Attributes.Workflow, Attributes.RunId),
        Of(RunsMeter, SignalNames.Runs.StallThreshold, InstrumentKind.Gauge, "s", "workflow_run_stall_threshold_seconds",
            "Silence longer than this is a stall.", Attributes.Workflow, Attributes.RunId),
        Of(RunsMeter, SignalNames.Runs.Participants, InstrumentKind.Gauge, "{process}", "workflow_run_participants",
            "Processes that work on a run that is stored: its series are of all that they do, and one of them publishes them.", Attributes.Workflow, Attributes.RunId),
        Of(RunsMeter, SignalNames.Runs.StageState, InstrumentKind.Gauge, "", "workflow_run_stage_state",
            "The stage's state, coded as the run's.", Attributes.Workflow, Attributes.RunId, Attributes.StageIndex, Attributes.Stage),
        Of(RunsMeter, SignalNames.Runs.StageCompletion, InstrumentKind.Gauge, "1", "workflow_run_stage_completion_ratio",
            "The stage's completion from 0 to 1; absent while its number of tasks is unknown.", Attributes.Workflow, Attributes.RunId, Attributes.StageIndex, Attributes.Stage),
        Of(RunsMeter, SignalNames.Runs.StageRevisions, InstrumentKind.Gauge, "{revision}", "workflow_run_stage_revisions",
            "Times that the stage's work was sent back in this run.", Attributes.Workflow, Attributes.RunId, Attributes.StageIndex, Attributes.Stage),
        Of(RunsMeter, SignalNames.Runs.Milestone, InstrumentKind.Gauge, "s", "workflow_run_milestone_timestamp_seconds",
            "When the milestone was reached (Unix time); absent before.", Attributes.Milestone, Attributes.Workflow, Attributes.RunId),
    ];

    public static InstrumentDefinition Find(string name) =>
        Tracker.Concat(Runs).First(i => i.Name == name);

    private static InstrumentDefinition Of(string meter, string name, InstrumentKind kind, string unit, string scrapedAs, string description, params string[] attributes) =>
        new(meter, name, kind, unit, scrapedAs, description, attributes);
}
