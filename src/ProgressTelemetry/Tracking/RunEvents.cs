using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using ProgressTelemetry.Instrumentation;

namespace ProgressTelemetry.Tracking;

internal enum RunEventKind
{
    RunStarted,
    RunEnded,
    StageStarted,
    StageEnded,
    Counts,
    Task,
    Milestone,
    Revision,
    Waits,
    Stalled,
    Resumed,
    ForecastLate,
    DeadlineMissed,
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct RunEvent(RunEventKind Kind)
{
    public WorkflowStage? Stage { get; init; }

    public StageState? Counted { get; init; }

    public TaskUpdate? Task { get; init; }

    public WorkflowStatus? Status { get; init; }

    public WorkflowResult Result { get; init; }

    public long At { get; init; }

    public MilestoneStatus? Milestone { get; init; }

    public TimeEstimate? Estimate { get; init; }

    public TimeSpan Silence { get; init; }

    public string? Reason { get; init; }

    public string? Version { get; init; }
}

/// <summary>
/// Tells a run's events, in order and one at a time, to the log and the listeners, outside the run's lock: whoever finds nobody telling tells all that is there, and everybody else goes on with the work. So a listener
/// may call the tracker, a slow one holds up one thread at most, and what it hears last is the last word.
/// </summary>
internal sealed class RunEvents(RunState run)
{
    /// <summary>More updates than this waiting for a slow listener are dropped, and counted as an error.</summary>
    private const int MostWaitingTaskUpdates = 4096;

    private readonly ProgressTracker _tracker = run.Tracker;
    private List<RunEvent> _waiting = [];
    private List<RunEvent> _telling = [];
    private volatile bool _any;
    private bool _isTelling;

    /// <summary>Called under the run's lock.</summary>
    public void Add(in RunEvent what)
    {
        if (what.Kind == RunEventKind.Task && _waiting.Count >= MostWaitingTaskUpdates)
        {
            _tracker.Errors.Add(TrackerErrors.ListenerOverflow, $"a listener of run '{run.Id}' is slower than its tasks");
            return;
        }

        _waiting.Add(what);
        _any = true;
    }

    /// <summary>Called under the run's lock when tasks were merely counted: one pending event tells the counts as they are when it is told.</summary>
    public void AddCounts(StageState stage)
    {
        if (!stage.CountsQueued)
        {
            stage.CountsQueued = true;
            Add(new RunEvent(RunEventKind.Counts) { Counted = stage });
        }
    }

    /// <summary>Called outside the run's lock.</summary>
    public void Tell()
    {
        while (_any)
        {
            lock (run.Gate)
            {
                if (_isTelling || _waiting.Count == 0)
                {
                    return;
                }

                _isTelling = true;
                (_waiting, _telling) = (_telling, _waiting);
                _any = false;
            }

            try
            {
                foreach (ref readonly var what in CollectionsMarshal.AsSpan(_telling))
                {
                    TellAll(what);
                }
            }
            finally
            {
                _telling.Clear();
                lock (run.Gate)
                {
                    _isTelling = false;
                    _any = _waiting.Count > 0;
                }
            }
        }
    }

    private void TellAll(in RunEvent what)
    {
        var told = what;
        if (told.Kind == RunEventKind.Counts)
        {
            told = told with { Kind = RunEventKind.Task, Task = run.TakeCounts(told.Counted!) };
        }

        try
        {
            Log(told);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _tracker.Errors.Add(TrackerErrors.ListenerFailed, "a logger failed", e);
        }

        StopSpan(told);
        foreach (var (listener, hearsTasks) in _tracker.Listeners)
        {
            if (told.Kind == RunEventKind.Task && !hearsTasks)
            {
                continue;
            }

            try
            {
                Tell(listener, told);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                _tracker.Errors.Add(TrackerErrors.ListenerFailed, $"listener {listener.GetType().Name} failed", e);
            }
        }
    }

    // Here, after the log, so that the record of the result is inside the span.
    private void StopSpan(in RunEvent what)
    {
        var (span, started, ended) = what.Kind switch
        {
            RunEventKind.RunEnded => (run.Activity, run.StartedAt, run.EndedAt!.Value),
            RunEventKind.StageEnded => (what.Stage!.Activity, what.Stage.StartedAt, what.At),
            _ => default,
        };
        if (span is not null)
        {
            _tracker.Spans.Stop(span, run.Clock.Elapsed(started, ended));
        }
    }

    private void Tell(ProgressListener listener, in RunEvent what)
    {
        var handle = run.Handle;
        switch (what.Kind)
        {
            case RunEventKind.RunStarted:
                listener.OnRunStarted(handle);
                break;
            case RunEventKind.RunEnded:
                listener.OnRunEnded(handle, what.Status!);
                break;
            case RunEventKind.StageStarted:
                listener.OnStageStarted(what.Stage!);
                break;
            case RunEventKind.StageEnded:
                listener.OnStageEnded(what.Stage!, what.Result);
                break;
            case RunEventKind.Task:
                listener.OnTaskUpdated(handle, what.Task!.Value);
                break;
            case RunEventKind.Milestone:
                listener.OnMilestoneReached(handle, what.Milestone!);
                break;
            case RunEventKind.Revision:
                listener.OnRevision(what.Stage!, what.Reason, what.Version);
                break;
            case RunEventKind.Waits:
                break;
            case RunEventKind.Stalled:
                listener.OnStalled(handle, what.Silence);
                break;
            case RunEventKind.Resumed:
                listener.OnResumed(handle);
                break;
            case RunEventKind.ForecastLate:
                listener.OnDeadlineForecastLate(handle, what.Estimate!);
                break;
            case RunEventKind.DeadlineMissed:
                listener.OnDeadlineMissed(handle);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Log(in RunEvent what)
    {
        if (what.Kind is RunEventKind.Task or RunEventKind.StageStarted)
        {
            return;
        }

        // The records carry the trace and span ids of the Activity that is current.
        using var _ = (what.Stage?.Activity ?? run.Activity).AsCurrent();
        WriteLog(_tracker.Logger, what);
    }

    private void WriteLog(ILogger logger, in RunEvent what)
    {
        switch (what.Kind)
        {
            case RunEventKind.RunStarted:
                TrackerLog.RunStarted(logger, run.Workflow, run.Id);
                break;
            case RunEventKind.RunEnded:
                var (final, result) = (what.Status!, Results.Name(what.Result));
                if (Results.IsError(what.Result) || what.Result == WorkflowResult.Abandoned)
                {
                    TrackerLog.RunEndedBadly(logger, run.Workflow, run.Id, result, final.ErrorType ?? "no error type", final.Elapsed, final.CompletedTasks);
                }
                else
                {
                    TrackerLog.RunEnded(logger, run.Workflow, run.Id, result, final.Elapsed, final.CompletedTasks);
                }

                break;
            case RunEventKind.StageEnded:
                TrackerLog.StageEnded(logger, run.Workflow, run.Id, what.Stage!.Name, Results.Name(what.Result));
                break;
            case RunEventKind.Milestone:
                TrackerLog.MilestoneReached(logger, run.Workflow, run.Id, what.Milestone!.Name);
                break;
            case RunEventKind.Revision:
                TrackerLog.StageRevised(logger, run.Workflow, run.Id, what.Stage!.Name, what.Reason, what.Version);
                break;
            case RunEventKind.Waits:
                TrackerLog.StageWaits(logger, run.Workflow, run.Id, what.Stage!.Name, what.Reason!);
                break;
            case RunEventKind.Stalled:
                TrackerLog.RunStalled(logger, run.Workflow, run.Id, what.Silence);
                break;
            case RunEventKind.Resumed:
                TrackerLog.RunResumed(logger, run.Workflow, run.Id);
                break;
            case RunEventKind.ForecastLate:
                TrackerLog.DeadlineForecastLate(logger, run.Workflow, run.Id, what.Estimate!.Expected);
                break;
            case RunEventKind.DeadlineMissed:
                TrackerLog.DeadlineMissed(logger, run.Workflow, run.Id);
                break;
            default:
                break;
        }
    }
}
