namespace ProgressTelemetry;

/// <summary>A moment's view of one stage of a run.</summary>
public sealed record StageStatus
{
    /// <summary>The stage's place, from 1, in order of plan or first start.</summary>
    public required int Index { get; init; }

    /// <summary>The stage's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required WorkflowState State { get; init; }

    /// <summary>How it ended; null while it has not.</summary>
    public WorkflowResult? Result { get; init; }

    /// <summary>Completion from 0 to 1; null while the number of tasks is unknown.</summary>
    public double? CompletionRatio { get; init; }

    /// <summary>Tasks that are done: those that succeeded, failed or were skipped; not those that were cut off (cancelled, abandoned).</summary>
    public required long CompletedTasks { get; init; }

    /// <summary>Tasks expected, never less than <see cref="CompletedTasks"/>; null while unknown.</summary>
    public long? ExpectedTasks { get; init; }

    /// <summary>Of the completed tasks, those that failed.</summary>
    public long FailedTasks { get; init; }

    /// <summary>Attempts at tasks that failed and were, or could be, followed by another.</summary>
    public long FailedAttempts { get; init; }

    /// <summary>Of the completed tasks, those that were skipped.</summary>
    public long SkippedTasks { get; init; }

    /// <summary>Tasks that are timed or identified, and running.</summary>
    public long RunningTasks { get; init; }

    /// <summary>Times that the stage's work was sent back.</summary>
    public long Revisions { get; init; }

    /// <summary>Times that the stage was started; where several processes work on it side by side, they started it once.</summary>
    public int Attempts { get; init; }

    /// <summary>When it first started; null while it has not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it last ended; null while it has not, or is running again.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Wall-clock time that is this stage's: each instant of the run is shared equally among the tasks (or stages) that were running.</summary>
    public TimeSpan WallTime { get; init; }

    /// <summary>Time in declared waits.</summary>
    public TimeSpan WaitTime { get; init; }

    /// <summary>Mean duration of its timed tasks; null without any.</summary>
    public TimeSpan? AverageTaskDuration { get; init; }

    /// <summary>Items processed, by kind.</summary>
    public IReadOnlyDictionary<string, long> Items { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, long>.Empty;
}
