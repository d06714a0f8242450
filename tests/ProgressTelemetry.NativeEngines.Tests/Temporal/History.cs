using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Common;
using Temporalio.Converters;

namespace ProgressTelemetry.NativeEngines.Tests.Temporal;

/// <summary>The history of an execution, written as a server would write it. It may end anywhere: replayed up to an open workflow task, the workflow does that task for the first time.</summary>
internal sealed class History
{
    /// <summary>When the executions of tests started.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<HistoryEvent> _events = [];
    private readonly string _workflowId;
    private long _taskScheduled;
    private long _taskCompleted;

    public History(string workflowId, string workflow, string runId, string? firstRunId = null, (string WorkflowId, string RunId)? parent = null, params object?[] input)
    {
        _workflowId = workflowId;
        var started = new WorkflowExecutionStartedEventAttributes
        {
            WorkflowType = new() { Name = workflow },
            TaskQueue = new() { Name = "queue" },
            Input = Payloads(input),
            WorkflowTaskTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)),
            OriginalExecutionRunId = runId,
            FirstExecutionRunId = firstRunId ?? runId,
            ContinuedExecutionRunId = firstRunId ?? "",
            Attempt = 1,
            WorkflowId = workflowId,
        };
        if (parent is { } of)
        {
            started.ParentWorkflowExecution = new() { WorkflowId = of.WorkflowId, RunId = of.RunId };
            started.ParentWorkflowNamespace = "default";
        }

        Add(EventType.WorkflowExecutionStarted, e => e.WorkflowExecutionStartedEventAttributes = started);
        Task();
    }

    /// <summary>What has happened so far.</summary>
    public WorkflowHistory SoFar => new(_workflowId, [.. _events]);

    /// <summary>The workflow did its task.</summary>
    public History Done()
    {
        var scheduled = _taskScheduled;
        _taskCompleted = Add(EventType.WorkflowTaskCompleted, e => e.WorkflowTaskCompletedEventAttributes = new() { ScheduledEventId = scheduled, StartedEventId = scheduled + 1 });
        return this;
    }

    /// <summary>The workflow has another task.</summary>
    public History Task()
    {
        _taskScheduled = Add(EventType.WorkflowTaskScheduled, e => e.WorkflowTaskScheduledEventAttributes = new() { TaskQueue = new() { Name = "queue" }, Attempt = 1 });
        var scheduled = _taskScheduled;
        Add(EventType.WorkflowTaskStarted, e => e.WorkflowTaskStartedEventAttributes = new() { ScheduledEventId = scheduled });
        return this;
    }

    public long Scheduled(string id, string activity) => Add(EventType.ActivityTaskScheduled, e => e.ActivityTaskScheduledEventAttributes = new()
    {
        ActivityId = id,
        ActivityType = new() { Name = activity },
        TaskQueue = new() { Name = "queue" },
        Input = Payloads(),
        WorkflowTaskCompletedEventId = _taskCompleted,
    });

    public History Completed(long scheduled)
    {
        var started = Add(EventType.ActivityTaskStarted, e => e.ActivityTaskStartedEventAttributes = new() { ScheduledEventId = scheduled, Attempt = 1 });
        Add(EventType.ActivityTaskCompleted, e => e.ActivityTaskCompletedEventAttributes = new() { ScheduledEventId = scheduled, StartedEventId = started, Result = Payloads("done") });
        return this;
    }

    public History Failed(long scheduled, string errorType)
    {
        var started = Add(EventType.ActivityTaskStarted, e => e.ActivityTaskStartedEventAttributes = new() { ScheduledEventId = scheduled, Attempt = 1 });
        Add(EventType.ActivityTaskFailed, e => e.ActivityTaskFailedEventAttributes = new()
        {
            ScheduledEventId = scheduled,
            StartedEventId = started,
            Failure = new Failure { Message = "boom", ApplicationFailureInfo = new() { Type = errorType } },
            RetryState = RetryState.MaximumAttemptsReached,
        });
        return this;
    }

    public long TimerStarted(string id, TimeSpan delay) => Add(EventType.TimerStarted, e => e.TimerStartedEventAttributes = new()
    {
        TimerId = id,
        StartToFireTimeout = Duration.FromTimeSpan(delay),
        WorkflowTaskCompletedEventId = _taskCompleted,
    });

    public History TimerFired(string id, long started)
    {
        Add(EventType.TimerFired, e => e.TimerFiredEventAttributes = new() { TimerId = id, StartedEventId = started });
        return this;
    }

    public History Signaled(string signal)
    {
        Add(EventType.WorkflowExecutionSignaled, e => e.WorkflowExecutionSignaledEventAttributes = new() { SignalName = signal, Input = Payloads() });
        return this;
    }

    public long ChildInitiated(string workflowId, string workflow) => Add(EventType.StartChildWorkflowExecutionInitiated, e => e.StartChildWorkflowExecutionInitiatedEventAttributes = new()
    {
        Namespace = "default",
        WorkflowId = workflowId,
        WorkflowType = new() { Name = workflow },
        TaskQueue = new() { Name = "queue" },
        WorkflowTaskCompletedEventId = _taskCompleted,
    });

    public long ChildStarted(long initiated, string workflowId, string runId, string workflow) => Add(EventType.ChildWorkflowExecutionStarted, e => e.ChildWorkflowExecutionStartedEventAttributes = new()
    {
        Namespace = "default",
        InitiatedEventId = initiated,
        WorkflowExecution = new() { WorkflowId = workflowId, RunId = runId },
        WorkflowType = new() { Name = workflow },
    });

    public History ChildCompleted(long initiated, long started, string workflowId, string runId, string workflow)
    {
        Add(EventType.ChildWorkflowExecutionCompleted, e => e.ChildWorkflowExecutionCompletedEventAttributes = new()
        {
            Namespace = "default",
            InitiatedEventId = initiated,
            StartedEventId = started,
            WorkflowExecution = new() { WorkflowId = workflowId, RunId = runId },
            WorkflowType = new() { Name = workflow },
            Result = Payloads("done"),
        });
        return this;
    }

    public History Ended()
    {
        Add(EventType.WorkflowExecutionCompleted, e => e.WorkflowExecutionCompletedEventAttributes = new() { Result = Payloads("done"), WorkflowTaskCompletedEventId = _taskCompleted });
        return this;
    }

    private static Payloads Payloads(params object?[] values) => new() { Payloads_ = { values.Select(DataConverter.Default.PayloadConverter.ToPayload) } };

    private long Add(EventType type, Action<HistoryEvent> set)
    {
        var added = new HistoryEvent { EventId = _events.Count + 1, EventType = type, EventTime = Timestamp.FromDateTimeOffset(Start.AddSeconds(_events.Count)) };
        set(added);
        _events.Add(added);
        return added.EventId;
    }
}
