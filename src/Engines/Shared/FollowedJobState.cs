namespace ProgressTelemetry.Following;

/// <summary>Where a job is.</summary>
internal enum FollowedJobState
{
    /// <summary>It has not started here.</summary>
    Pending,

    /// <summary>It runs here.</summary>
    Running,

    /// <summary>An attempt at it ended here, and the job did not.</summary>
    BetweenAttempts,

    /// <summary>It ended, here or elsewhere.</summary>
    Over,

    /// <summary>It will not run.</summary>
    OutOfReach,
}
