using System.Collections.Immutable;
using System.Globalization;
using ProgressTelemetry.Model;
using ProgressTelemetry.Runtime;

namespace ProgressTelemetry.Storage;

/// <summary>Makes the share of this process from a run's model: what the model holds, less what was done before this process went on with it.</summary>
internal static class ShareMaker
{
    private static readonly string _process = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}");

    /// <summary>Called under the run's lock, with all counts taken over.</summary>
    public static RunShare Of(LiveRun run, RunParticipation own, long now)
    {
        var (model, others) = (run.Model, own.Others);
        var isEnded = model.Result is not null && !own.HasLeft;
        var t = model.Result is null ? run.Time.Seconds(now) : model.EndedAt;
        var asOf = model.EndedWall ?? run.Clock.ToWall(now);
        return new RunShare
        {
            RunId = run.Id,
            Workflow = run.Workflow,
            Participant = own.Participant,
            Generation = own.Generation ?? 0,
            Sequence = (own.Last?.Sequence ?? 0) + 1,
            Process = _process,
            Instance = own.Instance,
            Version = run.Identity.Version,
            ParentRunId = run.Identity.Parent?.Run.Id,
            TraceId = run.Activity?.TraceId.ToHexString(),
            SpanId = run.Activity?.SpanId.ToHexString(),
            Attempt = model.Attempt,
            StartedAt = model.StartedWall,
            JoinedAt = own.JoinedAt < asOf ? own.JoinedAt : asOf,
            UpdatedAt = asOf,
            LastProgressAt = model.Life.LastProgressWall,
            LeftAt = own.HasLeft ? asOf : null,
            EndedAt = isEnded ? model.EndedWall : null,
            Result = isEnded ? model.Result : null,
            ErrorType = isEnded ? model.ErrorType : null,
            State = own.HasLeft ? WorkflowState.Running : model.State,
            Deadline = model.Deadline,
            StallThresholdSeconds = model.Result is null ? model.StallThreshold : null,
            IsOpenEnded = model.IsOpenEnded,
            DeclaredTasks = model.Total,
            RanSeconds = Math.Max(0, t - own.RanBefore),
            WaitedSeconds = Less(model.Ledger.Waited(t), others?.WaitedSeconds),
            IdleSeconds = Less(model.Ledger.IdleAt(t), others?.IdleSeconds),
            LostSeconds = Less(model.Silence.LostAt(t), others?.LostSeconds),
            LongestSilenceSeconds = model.Silence.LongestAt(t),
            Stages = [.. model.Stages.Select(stage => Of(own, model.Ledger, stage, t, asOf))],
            Milestones = model.Milestones.All,
        };
    }

    private static StageShare Of(RunParticipation own, Ledger ledger, Stage stage, double t, DateTimeOffset asOf)
    {
        var (counts, time, before) = (stage.Counts, stage.Time, stage.Elsewhere?.Known);
        return new StageShare
        {
            Name = stage.Name,
            Index = stage.Index,
            IsPlanned = stage.IsPlanned,
            HasBegun = stage.Begun,
            IsActive = stage.IsActive,
            IsFinished = stage.Finished,
            IsTimed = stage.IsTimed,
            IsWaiting = stage.IsActive && stage.IsWaiting,
            DependsOn = stage.DependsOn,
            DeclaredTasks = stage.Declared,
            DeclaredAt = DeclaredAt(own.Last?.Stages, stage) ?? DeclaredAt(own.Others?.Stages, stage) ?? asOf,
            DoneTasks = stage.DoneHere,
            EndedTasks = EndedHere(stage),
            RunningTasks = stage.Running,
            FailedAttempts = counts.FailedAttempts - (before?.FailedAttempts ?? 0),
            TimedTasks = counts.Timed - (before?.TimedTasks ?? 0),
            TimedSeconds = Less(counts.TimedSeconds, before?.TimedSeconds),
            WorkSeconds = Less(counts.WorkSeconds, before?.WorkSeconds),
            LongestSeconds = counts.LongestSeconds,
            CountedTasks = counts.Counted - (before?.CountedTasks ?? 0),
            CountedWork = Less(counts.CountedWork, before?.CountedWork),
            FractionTasks = Math.Max(0, counts.FromFraction - (before?.FractionTasks ?? 0)),
            Fraction = counts.Fraction,
            WallSeconds = Less(ledger.WallAt(stage, t), before?.WallSeconds),
            LostSeconds = Less(time.LostWall, before?.LostSeconds),
            WaitSeconds = Less(ledger.WaitAt(stage, t), before?.WaitSeconds),
            BlockedSeconds = Less(ledger.BlockedAt(stage, t), before?.BlockedSeconds),
            ActiveSeconds = Less(time.ActiveAt(t), before?.ActiveSeconds),
            ActiveAtCountedSeconds = Less(time.ActiveAtCounted, before?.ActiveAtCountedSeconds),
            Revisions = stage.Revisions - (before?.Revisions ?? 0),
            Attempts = stage.AttemptsHere,
            StartedAt = stage.StartedWall,
            EndedAt = stage.IsActive ? null : stage.EndedWall,
            Result = stage.Result,
            Items = stage.Items.ToDictionary(items => items.Key, items => items.Value - (before?.Items.GetValueOrDefault(items.Key) ?? 0), StringComparer.Ordinal),
        };
    }

    /// <summary>What of a share others wait for: time alone passes everywhere, and what others did they know.</summary>
    public static int ContentOf(RunShare share, RunShare? others)
    {
        var hash = default(HashCode);
        hash.Add((share.State, share.Result, share.LeftAt, share.Attempt, share.DeclaredTasks, share.SpanId));
        hash.Add(others is null || share.LastProgressAt > others.LastProgressAt ? share.LastProgressAt : default);
        foreach (var stage in share.Stages)
        {
            hash.Add((stage.Name, stage.DoneTasks, stage.DeclaredTasks, stage.RunningTasks, stage.Attempts, stage.Revisions, stage.CountedWork));
            hash.Add((stage.IsActive, stage.IsWaiting, stage.Result, stage.FailedAttempts, stage.Items.Values.Sum(), stage.EndedTasks.Sum()));
        }

        foreach (var milestone in share.Milestones)
        {
            hash.Add(milestone.ReachedAt);
        }

        return hash.ToHashCode();
    }

    // A task that ended badly and is tried again takes back what another process counted: then it is less by none.
    private static ImmutableArray<long> EndedHere(Stage stage) =>
        [.. Enumerable.Range(0, ResultTally.Size).Select(i => Math.Max(0, stage.Counts.Final((WorkflowResult)i) - (stage.Elsewhere?.Known.Ended((WorkflowResult)i) ?? 0)))];

    private static DateTimeOffset? DeclaredAt(IReadOnlyList<StageShare>? known, Stage stage) =>
        known?.FirstOrDefault(before => before.Name == stage.Name) is { } same && !stage.IsDeclaredSince(same.DeclaredTasks) ? same.DeclaredAt : null;

    private static double Less(double all, double? before) => Math.Max(0, all - (before ?? 0));
}
