namespace ProgressTelemetry.Model;

/// <summary>What other processes have done in a stage, before this one went on with it or beside it: it is among the stage's own figures.</summary>
internal sealed class StageElsewhere(Stage stage)
{
    /// <summary>What was heard last.</summary>
    public StageShare Known { get; private set; } = new() { Name = stage.Name };

    /// <summary>Whether another process is at it, whether it waits there, and how many tasks run there.</summary>
    public bool IsActive { get; private set; }

    public bool IsWaiting { get; private set; }

    public int Running { get; private set; }

    /// <summary>This process goes on with it; whoever worked on it has gone.</summary>
    public void Restore(StageShare before)
    {
        Add(before);
        (stage.IsTimed, stage.Finished, stage.DependsOn) = (before.IsTimed, before.IsFinished, before.DependsOn);
        (stage.StartedWall, stage.EndedWall, stage.Result) = (before.StartedAt, before.EndedAt, before.Result);
        if (before.DeclaredTasks is { } tasks)
        {
            stage.Declare(tasks);
        }

        stage.Knots.Restore(stage.Done - stage.Counts.Skipped, before.WallSeconds);
    }

    /// <summary>Others have gone on with it. Returns whether they moved.</summary>
    /// <param name="others">What they have done, and what was last said of the stage by anybody.</param>
    /// <param name="own">What this process had said of it by then: what it has said since is later.</param>
    public bool Hear(StageShare others, StageShare? own)
    {
        var (isEndedSince, isDeclaredSince) = (stage.EndedWall != own?.EndedAt, stage.IsDeclaredSince(own?.DeclaredTasks));
        var moved = others.Revisions != Known.Revisions || others.Attempts != Known.Attempts || others.IsActive != IsActive;
        moved |= Add(others);
        (IsActive, IsWaiting, Running) = (others.IsActive, others.IsWaiting, others.RunningTasks);
        stage.StartedWall = stage.StartedWall < others.StartedAt ? stage.StartedWall : others.StartedAt ?? stage.StartedWall;
        if (!stage.IsActive && !isEndedSince)
        {
            (stage.Finished, stage.EndedWall, stage.Result) = (others.IsFinished, others.EndedAt, others.Result);
        }

        if (others.DeclaredTasks is { } tasks && tasks != stage.Declared && !isDeclaredSince)
        {
            stage.Declare(tasks);
        }

        return moved;
    }

    /// <summary>What they have done since they were heard of last comes on top. Returns whether there are more tasks, or parts of them.</summary>
    private bool Add(StageShare others)
    {
        var (before, time) = (Known, stage.Time);
        Known = others;
        time.SettledWall += others.WallSeconds - before.WallSeconds;
        time.LostWall += others.LostSeconds - before.LostSeconds;
        time.EndedWait += others.WaitSeconds - before.WaitSeconds;
        time.SettledBlocked += others.BlockedSeconds - before.BlockedSeconds;
        time.EndedActive += others.ActiveSeconds - before.ActiveSeconds;
        time.ActiveAtCounted += others.ActiveAtCountedSeconds - before.ActiveAtCountedSeconds;
        stage.Revisions += others.Revisions - before.Revisions;
        stage.AttemptCount = stage.AttemptsHere + others.Attempts;
        foreach (var (kind, count) in others.Items)
        {
            stage.TryAddItems(kind, count - before.Items.GetValueOrDefault(kind));
        }

        return stage.Counts.Hear(before, others);
    }
}
