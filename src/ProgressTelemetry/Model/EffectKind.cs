namespace ProgressTelemetry.Model;

/// <summary>What can follow from a change.</summary>
internal enum EffectKind
{
    /// <summary>The run is live.</summary>
    RunStarted,

    /// <summary>The run is over; <see cref="Effect.Result"/> says how.</summary>
    RunEnded,

    /// <summary>An attempt at the whole run failed and the run goes on with another.</summary>
    RunRetried,

    /// <summary>The run has one stage more, planned or started.</summary>
    StageAdded,

    /// <summary>An attempt at a stage started.</summary>
    StageStarted,

    /// <summary>An attempt at a stage ended.</summary>
    StageEnded,

    /// <summary>A task that was timed ended after <see cref="Effect.Seconds"/>.</summary>
    TaskTimed,

    /// <summary>An attempt at a task failed; the task may be tried again.</summary>
    TaskAttemptFailed,

    /// <summary>An identified task moved on.</summary>
    TaskUpdated,

    /// <summary>Tasks without ids were counted; one pending effect stands for all counts until it is told.</summary>
    TasksCounted,

    /// <summary>Items of a kind were processed.</summary>
    ItemsRecorded,

    /// <summary>A stage's work was sent back.</summary>
    StageRevised,

    /// <summary>A declared wait began.</summary>
    WaitStarted,

    /// <summary>A milestone was reached, and is told.</summary>
    MilestoneReached,

    /// <summary>What <see cref="Effect.Due"/> says has come to pass, and is told by whichever process may.</summary>
    Due,

    /// <summary>The run's end, which was <see cref="Effect.IsQuiet"/>, is this process's to tell.</summary>
    RunEndTold,

    /// <summary>The run is silent for longer than its limit.</summary>
    Stalled,

    /// <summary>A stalled run moved on.</summary>
    Resumed,

    /// <summary>The forecast is after the deadline.</summary>
    ForecastLate,

    /// <summary>The deadline has passed.</summary>
    DeadlineMissed,

    /// <summary>So many effects were lost, since nobody took them in time.</summary>
    Lost,

    /// <summary>A change was ignored: it came too late, or counts would leave their range.</summary>
    Ignored,
}
