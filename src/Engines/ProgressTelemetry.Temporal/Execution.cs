using ProgressTelemetry.Following;
using Temporalio.Workflows;

namespace ProgressTelemetry.Temporal;

/// <summary>
/// One execution of a workflow, in the worker that has it now. While it is replayed nothing is told of it; what was begun then, and is not over, is told when it goes on. It is used in the workflow's own scheduler, one call at a time.
/// </summary>
internal sealed class Execution(Executions executions)
{
    private readonly Dictionary<string, (string Stage, bool IsTask, string? WaitsFor)> _open = new(StringComparer.Ordinal);
    private uint _activities;
    private StepRun? _run;
    private bool _isOver;

    /// <summary>The id that Temporal gives to the next activity.</summary>
    public string NextActivity(string? own)
    {
        _activities++;
        return own ?? _activities.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The execution has begun, or something came to it.</summary>
    public void GoOn() => executions.Guard(() => Live());

    /// <summary>A step begins.</summary>
    public void Begin(string id, string stage, bool isTask = true, string? waitsFor = null) => executions.Guard(() =>
    {
        var name = executions.Name(stage);
        Live();
        _open[id] = (name, isTask, waitsFor);
        Tell(id);
    });

    /// <summary>A step has ended.</summary>
    public void End(string id, WorkflowResult result, string? errorType) => executions.Guard(() =>
    {
        if (_open.ContainsKey(id))
        {
            var run = Live();
            _open.Remove(id);
            run?.End(Key(id), result, errorType, executions.Now);
        }
    });

    /// <summary>The execution continues as another one.</summary>
    public void Continue() => executions.Guard(() =>
    {
        if (Live() is not null)
        {
            _isOver = true;
            executions.Continued(Workflow.Info.RunId);
        }
    });

    /// <summary>The execution is over.</summary>
    public void End(WorkflowResult result, string? errorType) => executions.Guard(() =>
    {
        if (Live() is not null)
        {
            _isOver = true;
            executions.Ended(Workflow.Info, result, errorType);
        }
    });

    // Activities are numbered anew in what an execution continues as.
    private static string Key(string id) => $"{Workflow.Info.RunId}/{id}";

    private StepRun? Live()
    {
        // A worker that drops the workflow from its cache cancels what is left of it, outside of any workflow.
        if (_isOver || !Workflow.InWorkflow || Workflow.Unsafe.IsReplaying)
        {
            return null;
        }

        var run = executions.Of(Workflow.Info);
        if (run != _run)
        {
            _run = run;
            foreach (var id in _open.Keys)
            {
                Tell(id);
            }
        }

        return run;
    }

    private void Tell(string id)
    {
        if (_run is not null && !Workflow.Unsafe.IsReplaying)
        {
            var (stage, isTask, waitsFor) = _open[id];
            _run.Begin(Key(id), stage, executions.Now, isTask);
            if (waitsFor is not null)
            {
                _run.Wait(Key(id), waitsFor, executions.Now);
            }
        }
    }
}
