using System.Collections.Immutable;
using ProgressTelemetry.Model;

namespace ProgressTelemetry.Storage;

/// <summary>Adds shares up: sums by sums, maxima by maxima, what was last said by who said it last, ties by the participant's name.</summary>
internal static class ShareSum
{
    /// <param name="shares">Shares of one run, one for each participant, in order of their names: the order in which rounding happens.</param>
    public static RunShare Of(ImmutableArray<RunShare> shares)
    {
        if (shares is [var only])
        {
            return only;
        }

        var latest = Latest(shares, share => share.UpdatedAt);
        var ended = Ended(shares);
        var ran = Covered(shares);

        // Participants that ran side by side shared the wall clock, which is one.
        var scale = shares.Sum(share => share.RanSeconds) is > 0 and var all ? Math.Min(1, ran / all) : 1;
        return latest with
        {
            Version = Latest(shares.Where(share => share.Version is not null), share => share.UpdatedAt)?.Version,
            Deadline = Latest(shares.Where(share => share.Deadline is not null), share => share.UpdatedAt)?.Deadline,
            Sequence = shares.Sum(share => share.Sequence),
            Attempt = shares.Max(share => share.Attempt),
            StartedAt = shares.Min(share => share.StartedAt),
            JoinedAt = shares.Min(share => share.JoinedAt),
            LastProgressAt = shares.Max(share => share.LastProgressAt),
            LeftAt = shares.All(share => share.LeftAt is not null) ? shares.Max(share => share.LeftAt) : null,
            EndedAt = ended?.EndedAt,
            Result = ended?.Result,
            ErrorType = ended?.ErrorType,
            State = ended?.State ?? StateOf(shares),
            IsOpenEnded = shares.Any(share => share.IsOpenEnded),
            DeclaredTasks = shares.Max(share => share.DeclaredTasks),
            RanSeconds = ran,
            WaitedSeconds = scale * shares.Sum(share => share.WaitedSeconds),
            IdleSeconds = scale * shares.Sum(share => share.IdleSeconds),
            LostSeconds = scale * shares.Sum(share => share.LostSeconds),
            LongestSilenceSeconds = shares.Max(share => share.LongestSilenceSeconds),
            Stages = StageSum.Of(shares, scale),
            Milestones = Milestones(shares),
        };
    }

    /// <summary>The last writer; of several of one moment the last by name.</summary>
    private static RunShare Latest(IEnumerable<RunShare> shares, Func<RunShare, DateTimeOffset> moment) =>
        shares.OrderBy(moment).ThenBy(share => share.Participant, StringComparer.Ordinal).LastOrDefault()!;

    /// <summary>The first end is the run's: what ends later ends a run that has ended.</summary>
    private static RunShare? Ended(ImmutableArray<RunShare> shares) =>
        shares.Where(share => share.Result is not null).OrderBy(share => share.EndedAt).ThenBy(share => share.Participant, StringComparer.Ordinal).FirstOrDefault();

    // Of those that are there: one that works tells that the run does.
    private static WorkflowState StateOf(ImmutableArray<RunShare> shares)
    {
        var there = shares.Where(share => share.LeftAt is null).Select(share => share.State).DefaultIfEmpty(Latest(shares, share => share.UpdatedAt).State).ToArray();
        return there.Contains(WorkflowState.Running) ? WorkflowState.Running : there.Contains(WorkflowState.Waiting) ? WorkflowState.Waiting : there[0];
    }

    /// <summary>Seconds in which at least one participant ran it.</summary>
    private static double Covered(ImmutableArray<RunShare> shares)
    {
        var (covered, until) = (0.0, DateTimeOffset.MinValue);
        foreach (var share in shares.OrderBy(share => share.JoinedAt))
        {
            var start = share.JoinedAt > until ? share.JoinedAt : until;
            covered += Math.Max(0, (share.RanUntil - start).TotalSeconds);
            until = share.RanUntil > until ? share.RanUntil : until;
        }

        return covered;
    }

    private static MilestoneStatus[] Milestones(ImmutableArray<RunShare> shares) =>
    [
        .. shares.SelectMany(share => share.Milestones)
            .GroupBy(milestone => milestone.Name, StringComparer.Ordinal)
            .Select(same => new MilestoneStatus(same.Key, same.Max(milestone => milestone.CompletionRatio), same.Min(milestone => milestone.ReachedAt)))
            .OrderBy(milestone => milestone.CompletionRatio).ThenBy(milestone => milestone.Name, StringComparer.Ordinal),
    ];
}
