using System.Collections.Concurrent;
using ProgressTelemetry.Following;
using ProgressTelemetry.Naming;
using Temporalio.Workflows;

namespace ProgressTelemetry.Temporal;

/// <summary>The executions that this process's workers are at, by the run id of their first run: what an execution continues as is the same run.</summary>
internal sealed class Executions
{
    /// <summary>A run of which nothing was heard here for so long is left, when another starts: a workflow may go on in another worker, and nobody says so.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromDays(1);

    private static readonly TimeSpan LookAfter = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Lazy<StepRun>> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _firstRuns = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, bool> _failures = new();
    private readonly BoundedNames _names = new(keepsShortNumbers: true);
    private readonly ProgressTracker _tracker;
    private long _looked;

    public Executions(ProgressTracker tracker) => (_tracker, _looked) = (tracker, tracker.UtcNow.Ticks);

    public DateTimeOffset Now => _tracker.UtcNow;

    /// <summary>Exceptions that fail a workflow on these workers, and not merely its present task.</summary>
    public IEnumerable<Type> Failures => _failures.Keys;

    public void AddFailures(IEnumerable<Type> types)
    {
        foreach (var type in types)
        {
            _failures.TryAdd(type, true);
        }
    }

    /// <summary>A name that is fit to be a stage's.</summary>
    public string Name(string type) => _names.Of(type);

    /// <summary>Does what may fail without harm to the work.</summary>
    public void Guard(Action hook)
    {
        try
        {
            hook();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _tracker.AdapterFailed("Temporal", e);
        }
    }

    /// <summary>The run of an execution, which is live from now on if it wasn't.</summary>
    public StepRun Of(WorkflowInfo info)
    {
        _firstRuns[info.RunId] = info.FirstExecutionRunId;
        return _runs.GetOrAdd(info.FirstExecutionRunId, _ => new Lazy<StepRun>(() => Start(info))).Value;
    }

    /// <summary>The run of an activity's workflow, if this process is at that too.</summary>
    public StepRun? Find(string runId) =>
        _firstRuns.TryGetValue(runId, out var first) && _runs.TryGetValue(first, out var run) && run.IsValueCreated ? run.Value : null;

    /// <summary>The execution continues as another one, which is the same run.</summary>
    public void Continued(string runId) => _firstRuns.TryRemove(runId, out _);

    /// <summary>The execution is over.</summary>
    public void Ended(WorkflowInfo info, WorkflowResult result, string? errorType)
    {
        _firstRuns.TryRemove(info.RunId, out _);
        if (_runs.TryRemove(info.FirstExecutionRunId, out var run))
        {
            run.Value.Close(result, errorType, Now);
        }
    }

    private StepRun Start(WorkflowInfo info)
    {
        Forget(Now);
        var options = new WorkflowRunOptions
        {
            RunId = $"{info.WorkflowId}/{info.FirstExecutionRunId}",
            StartedAt = new DateTimeOffset(DateTime.SpecifyKind(info.WorkflowStartTime, DateTimeKind.Utc)),
            HasSpans = false,
            IsOpenEnded = true,
            WhenLive = WhenLive.Join,
            ParentStage = info.Parent is { } parent ? Find(parent.RunId)?.StageOf($"{parent.RunId}/{info.WorkflowId}") : null,
        };
        return new StepRun(_tracker.StartWorkflow(Name(info.WorkflowType), options), "workflow", Now);
    }

    private void Forget(DateTimeOffset now)
    {
        var looked = Interlocked.Read(ref _looked);
        if (now.Ticks - looked < LookAfter.Ticks || Interlocked.CompareExchange(ref _looked, now.Ticks, looked) != looked)
        {
            return;
        }

        foreach (var (first, run) in _runs.Where(run => run.Value.IsValueCreated && now - run.Value.Value.LastChange >= ForgetAfter))
        {
            _runs.TryRemove(new(first, run));
            run.Value.Close(WorkflowResult.Abandoned, null, now);
            foreach (var runId in _firstRuns.Where(known => known.Value == first).Select(known => known.Key))
            {
                _firstRuns.TryRemove(runId, out _);
            }
        }
    }
}
