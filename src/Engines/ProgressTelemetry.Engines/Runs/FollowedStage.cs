namespace ProgressTelemetry.Runs;

/// <summary>A stage of a run, by name: its present attempt, and the tasks that are open in it. Guarded by its run.</summary>
internal sealed class FollowedStage(WorkflowStage attempt)
{
    public WorkflowStage Attempt { get; set; } = attempt;

    public string Name => Attempt.Name;

    public int OpenTasks { get; set; }

    /// <summary>Tasks that failed, and that none was started after.</summary>
    public int Failures { get; set; }

    public string? ErrorType { get; set; }

    public void End(DateTimeOffset at)
    {
        if (Failures > 0)
        {
            Attempt.At(at).Fail(ErrorType);
        }
        else
        {
            Attempt.At(at).Complete();
        }
    }
}
