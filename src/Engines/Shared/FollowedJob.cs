namespace ProgressTelemetry.Following;

/// <summary>A job of a run, as far as this process knows it. Not thread-safe: its run's lock guards it.</summary>
internal sealed class FollowedJob(string id, JobStage stage)
{
    private WaitScope? _wait;

    public string Id => id;

    public JobStage Stage => stage;

    /// <summary>Those that wait for it.</summary>
    public List<FollowedJob> Next { get; } = [];

    /// <summary>How many that it waits for are not over.</summary>
    public int Blockers { get; set; }

    public FollowedJobState State { get; set; }

    /// <summary>Whether it is to come: no attempt at it runs here, and neither is it over.</summary>
    public bool IsToCome => State is FollowedJobState.Pending or FollowedJobState.BetweenAttempts;

    public bool IsActive => State is FollowedJobState.Running or FollowedJobState.BetweenAttempts;

    public WorkflowTask Task { get; set; }

    public WaitScope? Wait
    {
        set => _wait = value;
    }

    public void EndWait()
    {
        _wait?.Dispose();
        _wait = null;
    }
}
