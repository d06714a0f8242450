using Microsoft.Agents.AI.Workflows;
using ProgressTelemetry.Naming;

namespace ProgressTelemetry.AgentFramework;

/// <summary>A session of a workflow, as a run. Its events are told in order, by whoever reads them.</summary>
internal sealed class AgentRun(WorkflowRun run, ExecutorGraph graph, BoundedNames names)
{
    private readonly Dictionary<string, WorkflowStage> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ended = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Stage, WaitScope Scope)> _requests = new(StringComparer.Ordinal);
    private Exception? _failure;
    private bool _hasPendingMessages;
    private int _steps;

    /// <summary>Whether somebody outside has yet to answer.</summary>
    public bool Waits => _requests.Count > 0;

    /// <summary>An event.</summary>
    public void Take(WorkflowEvent happened)
    {
        switch (happened)
        {
            case ExecutorInvokedEvent invoked:
                Answer(invoked);
                Open(names.Of(invoked.ExecutorId));
                break;
            case RequestInfoEvent { Request: var request }:
                var port = names.Of(request.PortInfo.PortId);
                _requests.TryAdd(request.RequestId, (port, Open(port).Wait(port)));
                break;
            case ExecutorFailedEvent failed:
                _failure ??= failed.Data;
                Close(names.Of(failed.ExecutorId), stage => Fail(failed.Data, stage.Fail, stage.Fail));
                break;
            case WorkflowErrorEvent error:
                _failure ??= error.Exception;
                break;
            case SuperStepStartedEvent:
                _hasPendingMessages = false;
                break;
            case SuperStepCompletedEvent step:
                _hasPendingMessages = step.CompletionInfo?.HasPendingMessages ?? false;
                EndStep();
                break;
        }
    }

    /// <summary>The stream has ended, and nobody has to answer: the run is over.</summary>
    public void End()
    {
        if (_failure is { } failure)
        {
            Fail(failure, run.Fail, run.Fail);
        }
        else
        {
            // The engine doesn't say that it was told to stop; a step without an end, or messages left lying, do.
            run.End(_hasPendingMessages || _open.Count > 0 ? WorkflowResult.Cancellation : WorkflowResult.Success);
        }
    }

    /// <summary>The stream broke.</summary>
    public void Fail(Exception exception) => run.Fail(exception);

    /// <summary>Whoever read the stream left it.</summary>
    public void Abandon() => run.Dispose();

    // A stage's own failure and the run's are told by what the executor threw.
    private static void Fail(Exception? exception, Action<Exception> known, Action<string?> unknown)
    {
        if ((exception as System.Reflection.TargetInvocationException)?.InnerException is { } inner)
        {
            known(inner);
        }
        else if (exception is not null)
        {
            known(exception);
        }
        else
        {
            unknown(null);
        }
    }

    private WorkflowStage Open(string name)
    {
        if (_open.TryGetValue(name, out var open))
        {
            return open;
        }

        var stage = _open[name] = run.StartStage(name);
        if (_ended.TryGetValue(name, out var before) && _ended.Any(other => other.Value > before && graph.IsLoop(name, other.Key) && graph.IsLoop(other.Key, name)))
        {
            stage.RecordRevision("loop");
        }

        return stage;
    }

    private void Answer(ExecutorInvokedEvent invoked)
    {
        if (invoked.Data is ExternalResponse response && _requests.Remove(response.RequestId, out var request))
        {
            request.Scope.Dispose();
        }
    }

    // An executor is called once a message, and agents' more often than that: only the end of a step says that it has done its part.
    private void EndStep()
    {
        _steps++;
        var waiting = _requests.Values.Select(request => request.Stage).ToHashSet(StringComparer.Ordinal);
        foreach (var name in _open.Keys.Where(name => !waiting.Contains(name)).ToList())
        {
            Close(name, static stage => stage.Complete());
        }
    }

    private void Close(string name, Action<WorkflowStage> end)
    {
        if (_open.Remove(name, out var stage))
        {
            end(stage);
            _ended[name] = _steps;
        }
    }
}
