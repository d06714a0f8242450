namespace ProgressTelemetry.Runs;

/// <summary>A task that a span stands for.</summary>
internal sealed class FollowedTask(FollowedRun run, FollowedStage stage, WorkflowTask task)
{
    public FollowedRun Run { get; } = run;

    public FollowedStage Stage { get; } = stage;

    public WorkflowTask Task { get; } = task;

    public bool IsEnded { get; set; }

    /// <summary>The end of the run that came while this task, which said it, was still running.</summary>
    public RunEnd? EndOfRun { get; set; }
}
