namespace ProgressTelemetry.Signals;

/// <summary>
/// The name of every signal and attribute, once. They mirror the CI/CD semantic conventions (<c>cicd.pipeline.*</c>, release candidate in semantic conventions 1.44), with "workflow" for "pipeline".
/// </summary>
internal static class SignalNames
{
    public const string TrackerMeter = "ProgressTelemetry";
    public const string RunsMeter = "ProgressTelemetry.Runs";
    public const string Source = "ProgressTelemetry";
    public const string SchemaUrl = "https://opentelemetry.io/schemas/1.44.0";

    /// <summary>Where names past the limit of definitions go.</summary>
    public const string Other = "_other";

    public static string Version { get; } = typeof(SignalNames).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>Attribute keys.</summary>
    public static class Attributes
    {
        public const string ErrorType = "error.type";
        public const string TraceId = "trace_id";
        public const string Estimate = "workflow.estimate";
        public const string ItemKind = "workflow.item.kind";
        public const string Milestone = "workflow.milestone.name";
        public const string Workflow = "workflow.name";
        public const string RunId = "workflow.run.id";
        public const string RunResult = "workflow.run.result";
        public const string RunAttempt = "workflow.run.attempt";
        public const string RunParentId = "workflow.run.parent.id";
        public const string RunRevisions = "workflow.run.revisions";
        public const string RunTasksCompleted = "workflow.run.tasks.completed";
        public const string RunTasksExpected = "workflow.run.tasks.expected";
        public const string Stage = "workflow.stage.name";
        public const string StageAttempt = "workflow.stage.attempt";
        public const string StageIndex = "workflow.stage.index";
        public const string StageResult = "workflow.stage.result";
        public const string StageRevisions = "workflow.stage.revisions";
        public const string StageTasksCompleted = "workflow.stage.tasks.completed";
        public const string StageTasksExpected = "workflow.stage.tasks.expected";
        public const string TaskResult = "workflow.task.result";
        public const string Generation = "progress.generation";
        public const string TrackerInstance = "progress.tracker.instance";
        public const string Version = "workflow.version";
    }

    /// <summary>Instruments of the meter <c>ProgressTelemetry</c>: exact, and without a run id.</summary>
    public static class Tracker
    {
        public const string RunActive = "workflow.run.active";
        public const string RunDuration = "workflow.run.duration";
        public const string RunStalls = "workflow.run.stalls";
        public const string RunHidden = "workflow.run.hidden";
        public const string RunLastSuccess = "workflow.run.last_success.timestamp";
        public const string StageActive = "workflow.stage.active";
        public const string StageDuration = "workflow.stage.duration";
        public const string StageTasks = "workflow.stage.tasks";
        public const string TaskAttempts = "workflow.stage.task.attempts";
        public const string TaskDuration = "workflow.task.duration";
        public const string StageRevisions = "workflow.stage.revisions";
        public const string StageItems = "workflow.stage.items";
        public const string StageThroughput = "workflow.stage.throughput";
        public const string StageWallTime = "workflow.stage.wall_time";
        public const string StageWaitTime = "workflow.stage.wait_time";
        public const string MilestoneReached = "workflow.milestone.reached";
        public const string Heartbeat = "progress.tracker.heartbeat.timestamp";
        public const string Errors = "progress.tracker.errors";
    }

    /// <summary>Instruments of the meter <c>ProgressTelemetry.Runs</c>: one series a shown run.</summary>
    public static class Runs
    {
        public const string Info = "workflow.run.info";
        public const string State = "workflow.run.state";
        public const string Completion = "workflow.run.completion.ratio";
        public const string TasksCompleted = "workflow.run.tasks.completed";
        public const string TasksExpected = "workflow.run.tasks.expected";
        public const string Start = "workflow.run.start.timestamp";
        public const string LastProgress = "workflow.run.last_progress.timestamp";
        public const string Deadline = "workflow.run.deadline.timestamp";
        public const string EstimatedEnd = "workflow.run.estimated_end.timestamp";
        public const string StallThreshold = "workflow.run.stall.threshold";
        public const string Participants = "workflow.run.participants";
        public const string StageState = "workflow.run.stage.state";
        public const string StageCompletion = "workflow.run.stage.completion.ratio";
        public const string StageRevisions = "workflow.run.stage.revisions";
        public const string Milestone = "workflow.run.milestone.timestamp";
    }

    /// <summary>Names of log events.</summary>
    public static class Events
    {
        public const string RunStarted = "workflow.run.started";
        public const string RunEnded = "workflow.run.ended";
        public const string StageEnded = "workflow.stage.ended";
        public const string RunStalled = "workflow.run.stalled";
        public const string RunRetried = "workflow.run.retried";
        public const string RunResumed = "workflow.run.resumed";
        public const string MilestoneReached = "workflow.milestone.reached";
        public const string StageRevised = "workflow.stage.revised";
        public const string StageWaits = "workflow.stage.waits";
        public const string DeadlineForecastLate = "workflow.run.deadline.forecast_late";
        public const string DeadlineMissed = "workflow.run.deadline.missed";
        public const string TrackerIgnored = "progress.tracker.ignored";
    }
}
