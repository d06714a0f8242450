using System.Collections.Concurrent;
using ProgressTelemetry.Following;
using WorkflowCore.Interface;
using WorkflowCore.Models;
using InstanceStatus = WorkflowCore.Models.WorkflowStatus;

namespace ProgressTelemetry.WorkflowCore;

/// <summary>The instances of workflows that this host runs steps of, each a run. No method throws.</summary>
internal sealed class InstanceRuns(ProgressTracker tracker, IWorkflowRegistry registry)
{
    private readonly ConcurrentDictionary<string, Lazy<StepRun>> _runs = new(StringComparer.Ordinal);
    // What the last step that threw did throw, by instance: the engine keeps the message alone.
    private readonly ConcurrentDictionary<string, string> _errors = new(StringComparer.Ordinal);
    private readonly StepNames _names = new();

    public ProgressTracker Tracker => tracker;

    public bool Has(string instanceId) => _runs.ContainsKey(instanceId);

    /// <summary>A step is executed: for the first time, or again after a wait or an attempt that failed.</summary>
    /// <returns>What ends its stage's being current; null if the tracking failed.</returns>
    public IDisposable? Starting(IStepExecutionContext context)
    {
        IDisposable? current = null;
        Guard(() =>
        {
            var (pointer, stage) = (context.ExecutionPointer, _names.Of(context.Step));
            while (current is null)
            {
                var run = _runs.GetOrAdd(context.Workflow.Id, _ => new Lazy<StepRun>(() => Start(context.Workflow)));
                current = run.Value.Begin(pointer.Id, stage, tracker.UtcNow)?.MakeCurrent();
                if (current is null)
                {
                    // It has just ended.
                    _runs.TryRemove(new(context.Workflow.Id, run));
                }
            }
        });
        return current;
    }

    /// <summary>A step was executed, and said what comes next.</summary>
    public void Executed(IStepExecutionContext context, ExecutionResult result) => With(context.Workflow.Id, run =>
    {
        var (id, now) = (context.ExecutionPointer.Id, tracker.UtcNow);
        if (result.BranchValues.Count > 0 && registry.GetDefinition(context.Workflow.WorkflowDefinitionId, context.Workflow.Version) is { } definition)
        {
            foreach (var child in context.Step.Children.Select(definition.Steps.FindById).OfType<WorkflowStep>())
            {
                run.ExpectMore(_names.Of(child), result.BranchValues.Count);
            }
        }

        if (result.Proceed)
        {
            run.End(id, WorkflowResult.Success, null, now);
        }
        else
        {
            run.Wait(id, WhatFor(result), now);
        }
    });

    /// <summary>A step threw. What the workflow does about it, the end of the pass shows.</summary>
    public void Failed(IStepExecutionContext context, Exception exception) => With(context.Workflow.Id, run =>
    {
        var type = exception.GetType().FullName ?? exception.GetType().Name;
        _errors[context.Workflow.Id] = type;
        run.Retry(context.ExecutionPointer.Id, type, tracker.UtcNow);
    });

    /// <summary>Takes over what an instance says of itself.</summary>
    public void Sync(WorkflowInstance workflow) => With(workflow.Id, run =>
    {
        var now = tracker.UtcNow;
        foreach (var id in run.UnderWay)
        {
            if (workflow.ExecutionPointers.FindById(id) is { } pointer && ResultOf(pointer, workflow) is { } result)
            {
                run.End(id, result, result == WorkflowResult.Failure ? _errors.GetValueOrDefault(workflow.Id) : null, now);
            }
        }

        if (workflow.Status is InstanceStatus.Complete or InstanceStatus.Terminated && _runs.TryRemove(workflow.Id, out _))
        {
            _errors.TryRemove(workflow.Id, out var error);
            var isFailure = workflow.ExecutionPointers.Any(pointer => pointer.Status == PointerStatus.Failed);
            var result = workflow.Status == InstanceStatus.Complete ? WorkflowResult.Success : isFailure ? WorkflowResult.Failure : WorkflowResult.Cancellation;
            run.Close(result, result == WorkflowResult.Failure ? error : null, now);
        }
    });

    /// <summary>Instances of which nothing was heard for a while.</summary>
    public IReadOnlyList<string> Silent(TimeSpan first, TimeSpan longest) =>
        [.. _runs.Where(run => run.Value.IsValueCreated && run.Value.Value.Looks.AreDue(run.Value.Value.LastChange, tracker.UtcNow, first, longest)).Select(run => run.Key)];

    private static WorkflowResult? ResultOf(ExecutionPointer pointer, WorkflowInstance workflow) => pointer.Status switch
    {
        PointerStatus.Complete => WorkflowResult.Success,
        PointerStatus.Cancelled => WorkflowResult.Skip,
        PointerStatus.Compensated => WorkflowResult.Failure,
        PointerStatus.Failed when workflow.Status == InstanceStatus.Terminated => WorkflowResult.Failure,
        _ => null,
    };

    private static string WhatFor(ExecutionResult result) =>
        result.EventName == Event.EventTypeActivity ? result.EventKey
        : result.EventName is { Length: > 0 } name ? name
        : result.SleepFor is not null ? "delay"
        : "steps inside";

    private StepRun Start(WorkflowInstance workflow)
    {
        var options = new WorkflowRunOptions
        {
            RunId = workflow.Id,
            Version = workflow.Version.ToString(System.Globalization.CultureInfo.InvariantCulture),
            StartedAt = new DateTimeOffset(DateTime.SpecifyKind(workflow.CreateTime, DateTimeKind.Utc)),
            WhenLive = WhenLive.Join,
            ParentContext = default(System.Diagnostics.ActivityContext),
            Stages = registry.GetDefinition(workflow.WorkflowDefinitionId, workflow.Version) is { } definition ? new DefinitionPlan(definition, _names).Stages : [],
        };
        return new StepRun(tracker.StartWorkflow(_names.Of(workflow.WorkflowDefinitionId), options), "engine", tracker.UtcNow);
    }

    private void With(string instanceId, Action<StepRun> tell) => Guard(() =>
    {
        if (_runs.TryGetValue(instanceId, out var run))
        {
            tell(run.Value);
        }
    });

    private void Guard(Action hook)
    {
        try
        {
            hook();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            tracker.AdapterFailed("Workflow Core", e);
        }
    }
}
