namespace ProgressTelemetry;

/// <summary>What starting a run does when a live run of this process has the same id; and, with a store, <see cref="Join"/> also when it is live in another process.</summary>
public enum WhenLive
{
    /// <summary>It throws an <see cref="InvalidOperationException"/>: an id that is live twice is most often a mistake.</summary>
    Throw,

    /// <summary>It takes part in the live run: the handle that it returns leaves the run without ending it.</summary>
    Join,

    /// <summary>
    /// It goes on with the live run as its owner, as a job does that is delivered again: what is done stays done, open stages end as abandoned, and handles of the owner before no longer end the run.
    /// </summary>
    TakeOver,
}
