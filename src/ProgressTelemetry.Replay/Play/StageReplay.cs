namespace ProgressTelemetry.Replay.Play;

/// <summary>Replays one stage: it begins with its first event, and ends with its last unless something in it is still open.</summary>
internal sealed class StageReplay(WorkflowRun run, Trace trace, IReadOnlyList<TraceEvent> events)
{
    private readonly Dictionary<string, WorkflowTask> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WaitScope> _waits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WaitScope> _pauses = new(StringComparer.Ordinal);
    private WorkflowStage? _stage;
    private int _applied;

    public void Apply(TraceEvent e)
    {
        _stage ??= run.StartStage(e.Stage);
        switch (e.Kind)
        {
            case TraceEventKind.Start when !_running.ContainsKey(e.Task):
                _running.Add(e.Task, _stage.StartTask(e.Task));
                break;
            case TraceEventKind.Start:
                // Another attempt, under the handle that the one before was retried with.
                EndPause(e.Task);
                break;
            case TraceEventKind.Retry:
                _running[e.Task].Retry();
                Pause(e);
                break;
            case TraceEventKind.Skip when !_running.ContainsKey(e.Task):
                _stage.SkipTask();
                break;
            case TraceEventKind.Cancel when !_running.ContainsKey(e.Task):
                _stage.UpdateTask(e.Task, WorkflowTaskState.Cancelled);
                break;
            case TraceEventKind.Wait:
                _waits.Add(e.Task, _stage.Wait(e.Reason));
                break;
            case TraceEventKind.Resume:
                if (_waits.Remove(e.Task, out var wait))
                {
                    wait.Dispose();
                }

                break;
            default:
                EndPause(e.Task);
                _running.Remove(e.Task, out var task);
                task.End(ResultOf(e.Kind));
                break;
        }

        if (++_applied == events.Count && _running.Count == 0 && trace.Unreached(e.Stage) == 0 && e.Kind != TraceEventKind.Wait)
        {
            _stage.End(Outcome());
        }
    }

    /// <summary>Until its next attempt starts, a task waits: for a back-off, or for somebody who starts the run again.</summary>
    private void Pause(TraceEvent failed)
    {
        if (events.Skip(_applied + 1).FirstOrDefault(e => e.Task == failed.Task) is { Kind: TraceEventKind.Start } next && next.Seconds > failed.Seconds)
        {
            _pauses.Add(failed.Task, _stage!.Wait("another attempt"));
        }
    }

    private void EndPause(string task)
    {
        if (_pauses.Remove(task, out var pause))
        {
            pause.Dispose();
        }
    }

    /// <summary>A stage in which a task failed for good failed, unless the run went on to end well.</summary>
    private WorkflowResult Outcome() =>
        events.Any(e => e.Kind == TraceEventKind.Fail) && trace.Result != WorkflowResult.Success ? WorkflowResult.Failure
        : events.Any(e => e.Kind == TraceEventKind.Cancel) && trace.Result != WorkflowResult.Success ? WorkflowResult.Cancellation
        : events.All(e => e.Kind == TraceEventKind.Skip) ? WorkflowResult.Skip
        : WorkflowResult.Success;

    private static WorkflowResult ResultOf(TraceEventKind kind) => kind switch
    {
        TraceEventKind.Complete => WorkflowResult.Success,
        TraceEventKind.Fail => WorkflowResult.Failure,
        TraceEventKind.Skip => WorkflowResult.Skip,
        _ => WorkflowResult.Cancellation,
    };
}
