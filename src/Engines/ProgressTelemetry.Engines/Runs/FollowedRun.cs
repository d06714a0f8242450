using ProgressTelemetry.Rules;

namespace ProgressTelemetry.Runs;

/// <summary>
/// A run that spans tell of. Spans say when tasks begin and end, and not when stages do: a stage starts with its first task, ends when none of its tasks is open and another stage starts, and is attempted again by a later task.
/// </summary>
internal sealed class FollowedRun(WorkflowRun run)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FollowedStage> _stages = new(StringComparer.Ordinal);

    public WorkflowRun Run { get; } = run;

    /// <summary>Whether it is over, or about to be: what a new span of its id tells of is another run.</summary>
    public bool IsEnded => Run.IsEnded;

    public FollowedTask StartTask(string stage, string? taskId, long? expected, DateTimeOffset at)
    {
        lock (_gate)
        {
            EndIdleStages(at, but: stage);
            var known = _stages.GetValueOrDefault(stage);
            if (known is null || known.Attempt.IsEnded)
            {
                var attempt = Run.At(at).StartStage(stage, expected);
                if (known is null)
                {
                    _stages.Add(stage, known = new FollowedStage(attempt));
                }
                else
                {
                    known.Attempt = attempt;
                }
            }

            if (known.Failures > 0)
            {
                // Spans don't say what is tried again: the next task after a failed one is taken for that.
                known.Failures--;
                known.Attempt.At(at).RecordRevision("retry");
            }

            known.OpenTasks++;
            return new FollowedTask(this, known, known.Attempt.At(at).StartTask(taskId));
        }
    }

    public void EndTask(FollowedTask task, SpanResult result, DateTimeOffset at)
    {
        RunEnd? end;
        lock (_gate)
        {
            if (task.IsEnded)
            {
                return;
            }

            task.IsEnded = true;
            task.Stage.OpenTasks--;
            if (result.Result is WorkflowResult.Failure or WorkflowResult.Error or WorkflowResult.Timeout)
            {
                task.Stage.Failures++;
                task.Stage.ErrorType = result.ErrorType;
            }

            task.Task.At(at).End(result.Result);
            end = task.EndOfRun;
        }

        if (end is not null)
        {
            End(end with { At = at });
        }
    }

    /// <summary>Ends the run, or has it end with the task that said so, if that is still open.</summary>
    public void End(RunEnd end, FollowedTask? saidBy)
    {
        lock (_gate)
        {
            if (saidBy is { IsEnded: false } && saidBy.Run == this)
            {
                saidBy.EndOfRun = end;
                return;
            }
        }

        End(end);
    }

    public void End(RunEnd end)
    {
        lock (_gate)
        {
            EndIdleStages(end.At, but: null);
        }

        Run.At(end.At).End(end.Result, end.ErrorType);
    }

    private void EndIdleStages(DateTimeOffset at, string? but)
    {
        foreach (var stage in _stages.Values)
        {
            if (stage is { OpenTasks: 0, Attempt.IsEnded: false } && stage.Name != but)
            {
                stage.End(at);
            }
        }
    }
}
