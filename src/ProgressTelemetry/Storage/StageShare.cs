using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace ProgressTelemetry;

/// <summary>What one participant did for one stage of a run. Sums are of its own work alone, so that those of several participants add up; the rest is what it last knew.</summary>
public sealed record StageShare
{
    /// <summary>The stage's name.</summary>
    public required string Name { get; init; }

    /// <summary>The stage's place in the run, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Whether it was there before its turn came.</summary>
    public bool IsPlanned { get; init; }

    /// <summary>Whether anything has happened in it.</summary>
    public bool HasBegun { get; init; }

    /// <summary>Whether an attempt at it is open.</summary>
    public bool IsActive { get; init; }

    /// <summary>Whether it was left as finished: what it still expected will not come.</summary>
    public bool IsFinished { get; init; }

    /// <summary>Whether its tasks are timed.</summary>
    public bool IsTimed { get; init; }

    /// <summary>Whether it is in a declared wait.</summary>
    public bool IsWaiting { get; init; }

    /// <summary>Planned stages that must end before it starts.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>Tasks declared for the whole stage; null while unknown.</summary>
    public long? DeclaredTasks { get; init; }

    /// <summary>When <see cref="DeclaredTasks"/> was last changed: the last to change it is right.</summary>
    public DateTimeOffset DeclaredAt { get; init; }

    /// <summary>Tasks done.</summary>
    public long DoneTasks { get; init; }

    /// <summary>Tasks ended, one number for each <see cref="WorkflowResult"/> in its order; empty means none.</summary>
    public ImmutableArray<long> EndedTasks { get; init; } = [];

    /// <summary>Tasks that are timed or identified, and running.</summary>
    public int RunningTasks { get; init; }

    /// <summary>Attempts at tasks that failed and were, or could be, followed by another.</summary>
    public long FailedAttempts { get; init; }

    /// <summary>Of the tasks done, those that were timed.</summary>
    public long TimedTasks { get; init; }

    /// <summary>Duration of the timed tasks that are done, s.</summary>
    public double TimedSeconds { get; init; }

    /// <summary>The same without what was lost to stalls, s.</summary>
    public double WorkSeconds { get; init; }

    /// <summary>The longest duration of a timed task, s.</summary>
    public double LongestSeconds { get; init; }

    /// <summary>Of the tasks done, those that were merely counted.</summary>
    public long CountedTasks { get; init; }

    /// <summary>Work that was merely counted or reported, in tasks.</summary>
    public double CountedWork { get; init; }

    /// <summary>Of the tasks done, those that only a reported fraction tells of.</summary>
    public long FractionTasks { get; init; }

    /// <summary>The largest fraction of the stage that was reported, 0 to 1.</summary>
    public double Fraction { get; init; }

    /// <summary>Wall-clock time that is the stage's, s.</summary>
    public double WallSeconds { get; init; }

    /// <summary>Of it, what was lost to stalls, s.</summary>
    public double LostSeconds { get; init; }

    /// <summary>Time in declared waits, s.</summary>
    public double WaitSeconds { get; init; }

    /// <summary>Of it, the stage's part of the time in which nothing ran in the whole run, s.</summary>
    public double BlockedSeconds { get; init; }

    /// <summary>Time in which it was open and not waiting, s.</summary>
    public double ActiveSeconds { get; init; }

    /// <summary>The same, up to the latest counted task, s.</summary>
    public double ActiveAtCountedSeconds { get; init; }

    /// <summary>Times that the stage's work was sent back.</summary>
    public long Revisions { get; init; }

    /// <summary>Times that the stage was started.</summary>
    public int Attempts { get; init; }

    /// <summary>When it first started; null while it has not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it last ended; null while it has not, or is running again.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it last ended; null while it has not, or is running again.</summary>
    public WorkflowResult? Result { get; init; }

    /// <summary>Items processed, by kind.</summary>
    public IReadOnlyDictionary<string, long> Items { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>Tasks that ended so.</summary>
    /// <param name="result">How.</param>
    /// <returns>How many, 0 or more.</returns>
    public long Ended(WorkflowResult result) => (uint)result < (uint)EndedOrNone.Length ? EndedOrNone[(int)result] : 0;

    /// <summary>Whether the numbers are ones that a stage can have: what was read from a store may be anything.</summary>
    internal bool IsValid => Checked.IsName(Name) && Index >= 0 && DependsOn is not null && Items is not null && DeclaredTasks is null or >= 0 && RunningTasks >= 0 && Attempts >= 0
        && EndedOrNone.Length <= Model.ResultTally.Size && EndedOrNone.All(IsCount)
        && IsCount(DoneTasks) && IsCount(FailedAttempts) && IsCount(TimedTasks) && IsCount(CountedTasks) && IsCount(FractionTasks) && IsCount(Revisions) && Items.Values.All(IsCount)
        && IsTime(TimedSeconds) && IsTime(WorkSeconds) && IsTime(LongestSeconds) && IsTime(CountedWork) && Fraction is >= 0 and <= 1
        && IsTime(WallSeconds) && IsTime(LostSeconds) && IsTime(WaitSeconds) && IsTime(BlockedSeconds) && IsTime(ActiveSeconds) && IsTime(ActiveAtCountedSeconds);

    internal ImmutableArray<long> EndedOrNone => EndedTasks.IsDefault ? [] : EndedTasks;

    private static bool IsCount(long count) => count is >= 0 and <= Checked.MaxCount;

    private static bool IsTime(double seconds) => StageProfile.IsTime(seconds);
}
