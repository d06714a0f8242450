using ProgressTelemetry.Model;

namespace ProgressTelemetry.Storage;

/// <summary>
/// What others have done for a run, as this process's model takes it in: their counts, and of the run's time and its stages' attempts what isn't this process's own. Where both work side by side the wall clock is one, so of that
/// less may be left than nothing: then this process has less of it than it thinks.
/// </summary>
internal static class OthersShare
{
    /// <param name="others">The shares of the others, one for each.</param>
    /// <param name="own">This process's share as of now.</param>
    public static RunShare Of(IReadOnlyList<RunShare> others, RunShare own)
    {
        var theirs = JointRun.Of(others).Total;
        var joint = JointRun.Of([.. others, own]).Total;
        var (theirStages, ownStages) = (ByName(theirs), ByName(own));
        return theirs with
        {
            WaitedSeconds = joint.WaitedSeconds - own.WaitedSeconds,
            IdleSeconds = joint.IdleSeconds - own.IdleSeconds,
            LostSeconds = joint.LostSeconds - own.LostSeconds,
            Stages = [.. joint.Stages.Select(stage => Of(stage, Find(theirStages, stage.Name), Find(ownStages, stage.Name)))],
            Milestones = joint.Milestones,
        };
    }

    /// <summary>What they are doing.</summary>
    /// <param name="present">The shares of those that are there.</param>
    public static Others ActivityOf(IReadOnlyList<RunShare> present) =>
        present.Count == 0 ? Others.None
        : present.Any(share => share.Stages.Any(stage => stage is { IsActive: true, IsWaiting: false })) ? Others.Working
        : present.Any(share => share.State == WorkflowState.Waiting) ? Others.Waiting
        : Others.Idle;

    // Sums of theirs alone; what was last said of the stage by whoever said it; times as they are of the run's.
    private static StageShare Of(StageShare joint, StageShare theirs, StageShare own) => joint with
    {
        IsActive = theirs.IsActive,
        IsWaiting = theirs.IsWaiting,
        RunningTasks = theirs.IsActive ? theirs.RunningTasks : 0,
        DoneTasks = theirs.DoneTasks,
        EndedTasks = theirs.EndedTasks,
        FailedAttempts = theirs.FailedAttempts,
        TimedTasks = theirs.TimedTasks,
        TimedSeconds = theirs.TimedSeconds,
        WorkSeconds = theirs.WorkSeconds,
        CountedTasks = theirs.CountedTasks,
        CountedWork = theirs.CountedWork,
        FractionTasks = theirs.FractionTasks,
        Revisions = theirs.Revisions,
        Items = theirs.Items,
        Attempts = joint.Attempts - own.Attempts,
        WallSeconds = joint.WallSeconds - own.WallSeconds,
        LostSeconds = joint.LostSeconds - own.LostSeconds,
        WaitSeconds = joint.WaitSeconds - own.WaitSeconds,
        BlockedSeconds = joint.BlockedSeconds - own.BlockedSeconds,
        ActiveSeconds = joint.ActiveSeconds - own.ActiveSeconds,
        ActiveAtCountedSeconds = joint.ActiveAtCountedSeconds - own.ActiveAtCountedSeconds,
    };

    private static Dictionary<string, StageShare> ByName(RunShare share) => share.Stages.ToDictionary(stage => stage.Name, StringComparer.Ordinal);

    private static StageShare Find(Dictionary<string, StageShare> stages, string name) => stages.GetValueOrDefault(name) ?? new StageShare { Name = name };
}
