using ProgressTelemetry.Estimation;

namespace ProgressTelemetry.Tracking;

/// <summary>Builds the public views of a run. Called under its lock.</summary>
internal static class RunStatus
{
    public static WorkflowStatus Of(RunState run, long now)
    {
        var asOf = run.EndedAt ?? now;
        var isEnded = run.Result is not null;
        var done = run.Done;
        var elapsed = run.Clock.Elapsed(run.StartedAt, asOf);
        return new WorkflowStatus
        {
            RunId = run.Id,
            Workflow = run.Workflow,
            Version = run.Version,
            TraceId = run.Activity is { Recorded: true } activity ? activity.TraceId.ToHexString() : null,
            State = run.State,
            Result = run.Result,
            ErrorType = run.ErrorType,
            AsOf = run.Clock.ToWall(asOf),
            StartedAt = run.Clock.ToWall(run.StartedAt),
            EndedAt = isEnded ? run.Clock.ToWall(asOf) : null,
            Elapsed = elapsed,
            LastProgressAt = run.Clock.ToWall(run.SilentSince(asOf)),
            StallThreshold = isEnded ? null : TimeSpan.FromSeconds(Math.Min(run.StallThreshold, TimeSpan.MaxValue.TotalSeconds / 2)),
            Deadline = run.Deadline,
            CompletionRatio = run.Completion,
            CompletedTasks = done,
            ExpectedTasks = run.Expected,
            Estimate = isEnded ? null : EstimateOf(run, asOf),
            Bottleneck = BottleneckOf(run, asOf),
            CurrentStages = [.. run.Stages.Where(s => s.IsActive).Select(s => s.Name)],
            CurrentMilestone = run.Milestones.Current,
            Stages = [.. run.Stages.Select(s => StageOf(run, s, asOf))],
            Milestones = run.Milestones.ToStatus(),
            Performance = PerformanceOf(run, done, elapsed, asOf),
        };
    }

    /// <summary>The estimate as of now; null when there is nothing to tell it from.</summary>
    public static TimeEstimate? EstimateOf(RunState run, long now)
    {
        var t = run.Seconds(now);
        if (run.Model.Predict(t, run.History) is not { } estimate)
        {
            return null;
        }

        var wall = run.Clock.ToWall(now);
        var (remaining, low, high) = (Ahead(estimate.Expected - t), Ahead(estimate.Low - t), Ahead(estimate.High - t));
        return new TimeEstimate(After(wall, remaining), After(wall, low), After(wall, high), remaining, low, high);
    }

    private static BottleneckStatus? BottleneckOf(RunState run, long now)
    {
        var found = run.Model.FindBottleneck(run.Seconds(now), run.History, isOver: run.Result is not null);
        return found.Kind == BottleneckKind.None ? null : new BottleneckStatus(found.Kind, found.Stage, found.Share);
    }

    private static StageStatus StageOf(RunState run, StageState stage, long now)
    {
        var t = run.Seconds(now);
        return new StageStatus
        {
            Index = stage.Index,
            Name = stage.Name,
            State = stage.State,
            Result = stage.Result,
            CompletionRatio = stage.Completion,
            CompletedTasks = stage.Done,
            ExpectedTasks = stage.Expected,
            FailedTasks = stage.Failed,
            SkippedTasks = stage.Skipped,
            RunningTasks = stage.RunningTasks,
            Revisions = stage.Revisions,
            Attempts = stage.AttemptCount,
            StartedAt = stage.Started is { } started ? run.Clock.ToWall(started) : null,
            EndedAt = stage.Ended is { } ended ? run.Clock.ToWall(ended) : null,
            WallTime = Ahead(run.Model.WallAt(stage.Model, t)),
            WaitTime = Ahead(run.Model.WaitAt(stage.Model, t)),
            AverageTaskDuration = stage.TimedTasks > 0 ? stage.TimedDuration / stage.TimedTasks : null,
            Items = stage.Items,
        };
    }

    private static PerformanceMetrics PerformanceOf(RunState run, long done, TimeSpan elapsed, long now)
    {
        long failed = 0, skipped = 0, revisions = 0, timed = 0;
        var timedDuration = TimeSpan.Zero;
        var wait = 0.0;
        foreach (var stage in run.Stages)
        {
            failed += stage.Failed;
            skipped += stage.Skipped;
            revisions += stage.Revisions;
            timed += stage.TimedTasks;
            timedDuration += stage.TimedDuration;
            wait += run.Model.WaitAt(stage.Model, run.Seconds(now));
        }

        return new PerformanceMetrics(
            done,
            failed,
            skipped,
            revisions,
            timed > 0 ? timedDuration / timed : null,
            elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : null,
            Ahead(wait));
    }

    private static TimeSpan Ahead(double seconds) =>
        seconds <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2));

    private static DateTimeOffset After(DateTimeOffset moment, TimeSpan time) =>
        time < DateTimeOffset.MaxValue - moment ? moment + time : DateTimeOffset.MaxValue;
}
