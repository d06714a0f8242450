using Microsoft.Extensions.Logging;
using static ProgressTelemetry.Signals.SignalNames;

namespace ProgressTelemetry.Signals;

/// <summary>The log records: milestones, stalls and results, written inside the run's Activity so that they carry its trace.</summary>
internal static partial class TrackerLog
{
    public const string Category = "ProgressTelemetry";

    [LoggerMessage(1, LogLevel.Debug, "Run {RunId} of {Workflow} started", EventName = Events.RunStarted)]
    public static partial void RunStarted(ILogger logger, string workflow, string runId);

#pragma warning disable SYSLIB1025 // One event, at two levels and in two wordings
    [LoggerMessage(2, LogLevel.Information, "Run {RunId} of {Workflow} ended: {Result} after {Duration}, {CompletedTasks} tasks", EventName = Events.RunEnded)]
    public static partial void RunEnded(ILogger logger, string workflow, string runId, string result, TimeSpan duration, long completedTasks);

    [LoggerMessage(3, LogLevel.Warning, "Run {RunId} of {Workflow} ended: {Result} ({ErrorType}) after {Duration}, {CompletedTasks} tasks", EventName = Events.RunEnded)]
    public static partial void RunEndedBadly(ILogger logger, string workflow, string runId, string result, string errorType, TimeSpan duration, long completedTasks);
#pragma warning restore SYSLIB1025

    [LoggerMessage(4, LogLevel.Debug, "Stage {Stage} of run {RunId} of {Workflow} ended: {Result}", EventName = Events.StageEnded)]
    public static partial void StageEnded(ILogger logger, string workflow, string runId, string stage, string result);

    [LoggerMessage(5, LogLevel.Warning, "Run {RunId} of {Workflow} is stalled: no progress for {Silence}", EventName = Events.RunStalled)]
    public static partial void RunStalled(ILogger logger, string workflow, string runId, TimeSpan silence);

    [LoggerMessage(6, LogLevel.Information, "Run {RunId} of {Workflow} moves on", EventName = Events.RunResumed)]
    public static partial void RunResumed(ILogger logger, string workflow, string runId);

    [LoggerMessage(7, LogLevel.Information, "Run {RunId} of {Workflow} reached milestone {Milestone}", EventName = Events.MilestoneReached)]
    public static partial void MilestoneReached(ILogger logger, string workflow, string runId, string milestone);

    [LoggerMessage(8, LogLevel.Information, "Stage {Stage} of run {RunId} of {Workflow} was sent back: {Reason} (version {Version})", EventName = Events.StageRevised)]
    public static partial void StageRevised(ILogger logger, string workflow, string runId, string stage, string? reason, string? version);

    [LoggerMessage(12, LogLevel.Debug, "Stage {Stage} of run {RunId} of {Workflow} waits: {Reason}", EventName = Events.StageWaits)]
    public static partial void StageWaits(ILogger logger, string workflow, string runId, string stage, string reason);

    [LoggerMessage(9, LogLevel.Warning, "Run {RunId} of {Workflow} is forecast to end at {ExpectedEnd}, after its deadline", EventName = Events.DeadlineForecastLate)]
    public static partial void DeadlineForecastLate(ILogger logger, string workflow, string runId, DateTimeOffset expectedEnd);

    [LoggerMessage(10, LogLevel.Error, "Run {RunId} of {Workflow} missed its deadline", EventName = Events.DeadlineMissed)]
    public static partial void DeadlineMissed(ILogger logger, string workflow, string runId);

    [LoggerMessage(13, LogLevel.Warning, "Attempt {Attempt} at run {RunId} of {Workflow} failed ({ErrorType}); another follows", EventName = Events.RunRetried)]
    public static partial void RunRetried(ILogger logger, string workflow, string runId, long attempt, string errorType);

    [LoggerMessage(11, LogLevel.Warning, "Progress tracking ignored something ({Kind}): {Detail}. More of this kind are only counted, in progress.tracker.errors", EventName = Events.TrackerIgnored)]
    public static partial void Ignored(ILogger logger, string kind, string detail, Exception? exception);
}
