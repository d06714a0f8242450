using ProgressTelemetry.Estimation;
using ProgressTelemetry.Model;
using ProgressTelemetry.Reporting;
using ProgressTelemetry.Runtime;

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
