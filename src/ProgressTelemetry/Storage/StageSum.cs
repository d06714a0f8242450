using System.Collections.Immutable;
using ProgressTelemetry.Model;

namespace ProgressTelemetry.Storage;

/// <summary>Adds the stages of several shares up, as <see cref="ShareSum"/> does the shares.</summary>
internal static class StageSum
{
    /// <param name="shares">Shares of one run, one for each participant, in order of their names.</param>
    /// <param name="scale">What a second of one participant is of the run's wall clock, up to 1.</param>
    public static StageShare[] Of(ImmutableArray<RunShare> shares, double scale) =>
    [
        .. shares.SelectMany(share => share.Stages.Select(stage => (Share: share, Stage: stage)))
            .GroupBy(part => part.Stage.Name, StringComparer.Ordinal)
            .Select(same => Of([.. same], scale))
            .OrderBy(stage => stage.Index).ThenBy(stage => stage.Name, StringComparer.Ordinal)
            .Select((stage, index) => stage with { Index = index }),
    ];

    private static StageShare Of((RunShare Share, StageShare Stage)[] parts, double scale)
    {
        var stages = parts.Select(part => part.Stage).ToArray();

        // Who has left, or is no more, is at none of its stages.
        var isActive = parts.Any(part => part.Stage.IsActive && part.Share.LeftAt is null && part.Share.Result is null);
        var ended = isActive ? null : stages.Where(stage => stage.EndedAt is not null).MaxBy(stage => (stage.EndedAt, stage.Result));

        // Who has finished needs no more of it than is done: while others are at it, they know what is left.
        var sayers = isActive && stages.Any(stage => stage is { IsFinished: false, DeclaredTasks: not null }) ? stages.Where(stage => !stage.IsFinished) : stages;
        var declared = sayers.Where(stage => stage.DeclaredTasks is not null).MaxBy(stage => (stage.DeclaredAt, stage.DeclaredTasks));
        var done = Sum(stages, stage => stage.DoneTasks);
        return new StageShare
        {
            Name = stages[0].Name,
            Index = stages.Min(stage => stage.Index),
            IsPlanned = stages.Any(stage => stage.IsPlanned),
            HasBegun = stages.Any(stage => stage.HasBegun),
            IsActive = isActive,
            IsFinished = !isActive && stages.Any(stage => stage.IsFinished),
            IsTimed = stages.Any(stage => stage.IsTimed),
            IsWaiting = isActive && stages.Where(stage => stage.IsActive).All(stage => stage.IsWaiting),
            DependsOn = stages.FirstOrDefault(stage => stage.DependsOn.Count > 0)?.DependsOn ?? [],
            DeclaredTasks = declared is null ? null : Math.Max(declared.DeclaredTasks!.Value, done),
            DeclaredAt = declared?.DeclaredAt ?? stages.Max(stage => stage.DeclaredAt),
            DoneTasks = done,
            EndedTasks = [.. Enumerable.Range(0, ResultTally.Size).Select(result => Sum(stages, stage => stage.Ended((WorkflowResult)result)))],
            RunningTasks = (int)Math.Min(int.MaxValue, stages.Sum(stage => (long)stage.RunningTasks)),
            FailedAttempts = Sum(stages, stage => stage.FailedAttempts),
            TimedTasks = Sum(stages, stage => stage.TimedTasks),
            TimedSeconds = stages.Sum(stage => stage.TimedSeconds),
            WorkSeconds = stages.Sum(stage => stage.WorkSeconds),
            LongestSeconds = stages.Max(stage => stage.LongestSeconds),
            CountedTasks = Sum(stages, stage => stage.CountedTasks),
            CountedWork = stages.Sum(stage => stage.CountedWork),
            FractionTasks = Sum(stages, stage => stage.FractionTasks),
            Fraction = stages.Max(stage => stage.Fraction),
            WallSeconds = scale * stages.Sum(stage => stage.WallSeconds),
            LostSeconds = scale * stages.Sum(stage => stage.LostSeconds),
            WaitSeconds = scale * stages.Sum(stage => stage.WaitSeconds),
            BlockedSeconds = scale * stages.Sum(stage => stage.BlockedSeconds),
            ActiveSeconds = scale * stages.Sum(stage => stage.ActiveSeconds),
            ActiveAtCountedSeconds = scale * stages.Sum(stage => stage.ActiveAtCountedSeconds),
            Revisions = Sum(stages, stage => stage.Revisions),
            Attempts = Attempts(parts),
            StartedAt = stages.Min(stage => stage.StartedAt),
            EndedAt = ended?.EndedAt,
            Result = ended?.Result,
            Items = stages.SelectMany(stage => stage.Items)
                .GroupBy(items => items.Key, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => Sum(same, items => items.Value), StringComparer.Ordinal),
        };
    }

    // Those who are at it side by side make one attempt at it together; who comes when they have gone makes another.
    private static int Attempts((RunShare Share, StageShare Stage)[] parts)
    {
        var (before, together, until) = (0L, 0, DateTimeOffset.MinValue);
        foreach (var (share, stage) in parts.Where(part => part.Stage.Attempts > 0).OrderBy(part => part.Share.JoinedAt))
        {
            if (share.JoinedAt > until)
            {
                (before, together) = (before + together, 0);
            }

            together = Math.Max(together, stage.Attempts);
            var end = share is { LeftAt: null, Result: null } ? DateTimeOffset.MaxValue : share.RanUntil;
            until = end > until ? end : until;
        }

        return (int)Math.Min(int.MaxValue, before + together);
    }

    /// <summary>A sum that stays within what all back ends hold exactly.</summary>
    private static long Sum<T>(IEnumerable<T> parts, Func<T, long> count) => parts.Aggregate(0L, (sum, part) => Math.Min(Checked.MaxCount, sum + count(part)));
}
