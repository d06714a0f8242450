using ProgressTelemetry.Estimation;
using ProgressTelemetry.Model;

namespace ProgressTelemetry.Runtime;

/// <summary>Makes the public views of a run. Called under its lock.</summary>
internal static class StatusMaker
{
    /// <param name="run">The run.</param>
    /// <param name="now">The moment.</param>
    /// <param name="forecasts">Whether to say when it will end and what is slow: what nobody reads needs not be computed.</param>
    public static WorkflowStatus Of(LiveRun run, long now, bool forecasts = true)
    {
        var (model, isEnded) = (run.Model, run.Model.Result is not null);
        var t = isEnded ? model.EndedAt : run.Time.Seconds(now);
        var asOf = model.EndedWall ?? run.Clock.ToWall(now);
        var elapsed = isEnded ? Time(run.Clock.Seconds(run.Time.Start, now) - (run.Time.Seconds(now) - model.EndedAt)) : Time(run.Clock.Seconds(run.Time.Start, now));
        var threshold = model.StallThreshold;
        return new WorkflowStatus
        {
            RunId = run.Id,
            Workflow = run.Workflow,
            Version = run.Identity.Version,
            TraceId = run.Activity is { Recorded: true } activity ? activity.TraceId.ToHexString() : null,
            ParentRunId = run.Identity.Parent?.Run.Id,
            State = model.State,
            Result = model.Result,
            ErrorType = model.ErrorType,
            Attempt = model.Attempt,
            AsOf = asOf,
            StartedAt = model.StartedWall,
            EndedAt = model.EndedWall,
            Elapsed = elapsed,
            LastProgressAt = !model.IsWaiting && model.Life.QuietSinceWall > model.Life.LastProgressWall ? model.Life.QuietSinceWall : model.Life.LastProgressWall,
            StallThreshold = isEnded ? null : Time(threshold),
            Deadline = model.Deadline,
            CompletionRatio = model.Completion,
            CompletedTasks = model.Done,
            ExpectedTasks = model.Expected,
            Estimate = isEnded || !forecasts ? null : EstimateOf(run, now),
            Bottleneck = forecasts ? BottleneckOf(run, t, isEnded) : null,
            CurrentStages = [.. model.Stages.Where(s => s.IsOpen).Select(s => s.Name)],
            CurrentMilestone = model.Milestones.Current,
            Stages = [.. model.Stages.Select(s => Of(run, s, t))],
            Milestones = model.Milestones.All,
            Performance = PerformanceOf(model, elapsed, t),
            Participants = run.Services.Participants(run.Id),
        };
    }

    /// <summary>The estimate as of now; null when there is nothing to tell it from.</summary>
    public static TimeEstimate? EstimateOf(LiveRun run, long now) => EstimateOf(run.Forecast, run.Model, run.Time.Seconds(now), run.Clock.ToWall(now));

    /// <summary>The same of a run that has gone on for <paramref name="t"/> s at the moment <paramref name="wall"/>.</summary>
    public static TimeEstimate? EstimateOf(Forecast forecast, Run model, double t, DateTimeOffset wall)
    {
        if (forecast.Predict(t, model.History) is not { } estimate)
        {
            return null;
        }

        var (remaining, low, high) = (Time(estimate.Expected - t), Time(estimate.Low - t), Time(estimate.High - t));
        return new TimeEstimate(After(wall, remaining), After(wall, low), After(wall, high), remaining, low, high);
    }

    public static TimeSpan Time(double seconds) =>
        seconds <= 0 || double.IsNaN(seconds) ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2));

    private static BottleneckStatus? BottleneckOf(LiveRun run, double t, bool isEnded)
    {
        var found = run.Forecast.FindBottleneck(t, run.Model.History, isOver: isEnded);
        return found.Kind == BottleneckKind.None ? null : new BottleneckStatus(found.Kind, found.Stage, found.Share);
    }

    private static StageStatus Of(LiveRun run, Stage stage, double t)
    {
        var counts = stage.Counts;
        return new StageStatus
        {
            Index = stage.Index + 1,
            Name = stage.Name,
            State = stage.State(run.Model.Silence.IsStalled),
            Result = stage.Result,
            CompletionRatio = stage.Completion,
            CompletedTasks = stage.Done,
            ExpectedTasks = stage.Expected,
            FailedTasks = counts.Failed,
            FailedAttempts = counts.FailedAttempts,
            SkippedTasks = counts.Skipped,
            RunningTasks = stage.Running + (stage.Elsewhere?.Running ?? 0),
            Revisions = stage.Revisions,
            Attempts = stage.AttemptCount,
            StartedAt = stage.StartedWall,
            EndedAt = stage.IsOpen ? null : stage.EndedWall,
            WallTime = Time(run.Model.Ledger.WallAt(stage, t)),
            WaitTime = Time(run.Model.Ledger.WaitAt(stage, t)),
            AverageTaskDuration = counts.Timed > 0 ? Time(counts.TimedSeconds / counts.Timed) : null,
            Items = stage.Items,
        };
    }

    public static PerformanceMetrics PerformanceOf(Run model, TimeSpan elapsed, double t)
    {
        long failed = 0, attempts = 0, skipped = 0, revisions = 0, timed = 0;
        var (timedSeconds, wait) = (0.0, 0.0);
        foreach (var stage in model.Stages)
        {
            failed += stage.Counts.Failed;
            attempts += stage.Counts.FailedAttempts;
            skipped += stage.Counts.Skipped;
            revisions += stage.Revisions;
            timed += stage.Counts.Timed;
            timedSeconds += stage.Counts.TimedSeconds;
            wait += model.Ledger.WaitAt(stage, t);
        }

        return new PerformanceMetrics(
            model.Done,
            failed,
            skipped,
            revisions,
            timed > 0 ? Time(timedSeconds / timed) : null,
            elapsed > TimeSpan.Zero ? (model.Done - skipped) / elapsed.TotalSeconds : null,
            Time(wait))
        {
            FailedAttempts = attempts,
        };
    }

    public static DateTimeOffset After(DateTimeOffset moment, TimeSpan time) =>
        time < DateTimeOffset.MaxValue - moment ? moment + time : DateTimeOffset.MaxValue;
}
