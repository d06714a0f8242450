using ProgressTelemetry.Estimation;
using ProgressTelemetry.Model;
using ProgressTelemetry.Reporting;
using ProgressTelemetry.Runtime;
using ProgressTelemetry.Storage;

namespace ProgressTelemetry;

/// <summary>Reads from a run, in one go, what a report is made from.</summary>
internal static class RunReader
{
    public static RunFacts Facts(LiveRun run) => run.Read(static (run, now) =>
    {
        var model = run.Model;
        var isEnded = model.Result is not null;
        var t = isEnded ? model.EndedAt : run.Time.Seconds(now);
        var status = run.Final ?? StatusMaker.Of(run, now);
        var estimate = isEnded ? null : run.Forecast.Predict(t, model.History);
        return new RunFacts
        {
            Status = status,
            Elapsed = t,
            Duration = isEnded ? t : estimate?.Expected,
            Idle = model.Ledger.IdleAt(t),
            Waiting = model.Ledger.Waited(t),
            TaskSeconds = model.Stages.Sum(s => s.Counts.TimedSeconds),
            Stages = [.. model.Stages.Select((stage, i) => Facts(run, stage, status.Stages[i], t, estimate is not null))],
            Profile = ProfileMaker.Of(model, t, run.Identity.Version),
            History = [.. model.History],
            Timeline = Course(run, t, isEnded ? new(t, status.CompletionRatio, null, null, null) : RunTimeline.Now(run, t)),
        };
    });

    /// <summary>The same of a run that is not live here. Of each stage only its first start and last end are known, not the attempts between.</summary>
    public static RunFacts Facts(JointView run)
    {
        var (status, t) = (run.Status, run.Total.RanSeconds);
        var estimate = status.Result is null ? run.Forecast.Predict(t, run.Model.History) : null;
        return new RunFacts
        {
            Status = status,
            Elapsed = t,
            Duration = status.Result is not null ? t : estimate?.Expected,
            Idle = run.Model.Ledger.IdleAt(t),
            Waiting = run.Model.Ledger.Waited(t),
            TaskSeconds = run.Total.Stages.Sum(stage => stage.TimedSeconds),
            Stages = [.. run.Total.Stages.Select((share, i) => Facts(run, share, status.Stages[i], estimate is not null))],
            Profile = ProfileMaker.Of(run.Model, t, run.Total.Version),
            Timeline = [new CoursePoint(0, status.CompletionRatio is null ? null : 0, null, null, null), new CoursePoint(t, status.CompletionRatio, estimate?.Expected, estimate?.Low, estimate?.High)],
        };
    }

    private static StageFacts Facts(JointView run, StageShare share, StageStatus status, bool isPredicted)
    {
        var stage = run.Model.FindStage(share.Name)!;
        return new StageFacts
        {
            Status = status,
            DependsOn = stage.DependsOn,
            Attempts = share.StartedAt is { } started ? [new StageSpan(run.SinceStart(started), share.EndedAt is { } ended ? run.SinceStart(ended) : null, status.Result)] : [],
            Wall = share.WallSeconds,
            RemainingWall = isPredicted ? run.Forecast.RemainingWall(stage) : 0,
            TaskSeconds = status.CompletedTasks == 0 ? null : status.AverageTaskDuration?.TotalSeconds ?? (share.ActiveAtCountedSeconds / status.CompletedTasks),
        };
    }

    private static StageFacts Facts(LiveRun run, Stage stage, StageStatus status, double t, bool isPredicted)
    {
        return new StageFacts
        {
            Status = status,
            DependsOn = stage.DependsOn,
            Attempts = Spans(stage.Course.Attempts),
            Waits = Spans(stage.Course.Waits),
            Wall = run.Model.Ledger.WallAt(stage, t),
            RemainingWall = isPredicted ? run.Forecast.RemainingWall(stage) : 0,
            TaskSeconds = Pace(),
        };

        // Of a stage's first task, timed or merely counted, only its end tells how long it took.
        double? Pace() => status.CompletedTasks == 0 ? null
            : status.AverageTaskDuration is { } timed ? timed.TotalSeconds
            : stage.Time.ActiveAtCounted / status.CompletedTasks;

        static IReadOnlyList<StageSpan> Spans(IReadOnlyList<StageCourse.Span> spans) =>
            [.. spans.Select(s => new StageSpan(StatusMaker.Time(s.Start), s.End is { } end ? StatusMaker.Time(end) : null, s.Result))];
    }

    private static List<CoursePoint> Course(LiveRun run, double t, RunTimeline.Point latest)
    {
        var course = new List<CoursePoint> { new(0, latest.Completion is null ? null : 0, null, null, null) };
        course.AddRange((run.Timeline?.Points ?? []).Where(p => p.Seconds > 0 && p.Seconds < t).Select(Of));
        if (t > 0)
        {
            course.Add(Of(latest));
        }

        return course;

        static CoursePoint Of(RunTimeline.Point p) => new(p.Seconds, p.Completion, p.Expected, p.Low, p.High);
    }
}
