namespace ProgressTelemetry.Notifications;

/// <summary>What somebody may be told of a run.</summary>
[Flags]
public enum ProgressNotificationKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It ended, however it did.</summary>
    Ended = 1,

    /// <summary>It reached a milestone.</summary>
    Milestone = 2,

    /// <summary>It was silent for longer than its stall threshold.</summary>
    Stalled = 4,

    /// <summary>Its deadline passed and it had not ended.</summary>
    DeadlineMissed = 8,

    /// <summary>All of these.</summary>
    All = Ended | Milestone | Stalled | DeadlineMissed,
}
