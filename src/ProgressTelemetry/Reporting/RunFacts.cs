using ProgressTelemetry.Tracking;

namespace ProgressTelemetry.Reporting;

/// <summary>All that a report is made from, read from the run in one go; the analysis is a pure function of it. Times in seconds, from the run's start.</summary>
internal sealed record RunFacts
{
    public required WorkflowStatus Status { get; init; }

    public required double Elapsed { get; init; }

    /// <summary>The run's whole duration, spent and predicted; null while nothing is predicted.</summary>
    public double? Duration { get; init; }

    /// <summary>What gains are shares of: the whole duration, or what has passed while nothing is predicted.</summary>
    public double Whole => Duration ?? Elapsed;

    /// <summary>Seconds during which nothing ran although no wait was declared.</summary>
    public double Idle { get; init; }

    /// <summary>Seconds during which the run was in a declared wait and nothing ran.</summary>
    public double Waiting { get; init; }

    /// <summary>Sum of the durations of ended timed tasks.</summary>
    public double TaskSeconds { get; init; }

    public required IReadOnlyList<StageFacts> Stages { get; init; }

    /// <summary>The run as a profile, as its history keeps them.</summary>
    public required RunProfile Profile { get; init; }

    /// <summary>Profiles of earlier runs, newest first.</summary>
    public IReadOnlyList<RunProfile> History { get; init; } = [];

    public IReadOnlyList<RunTimeline.Point> Timeline { get; init; } = [];

    public bool IsEnded => Status.Result is not null;

    public static RunFacts Of(RunState run, long now)
    {
        lock (run.Gate)
        {
            var asOf = run.EndedAt ?? now;
            var t = run.Seconds(asOf);
            var status = run.Final ?? RunStatus.Of(run, asOf);
            var isEnded = status.Result is not null;
            var estimate = isEnded ? null : run.Model.Predict(t, run.History);
            var latest = isEnded ? new RunTimeline.Point(t, status.CompletionRatio, null, null, null) : RunTimeline.Now(run, asOf);
            return new RunFacts
            {
                Status = status,
                Elapsed = t,
                Duration = isEnded ? t : estimate?.Expected,
                Idle = run.Model.IdleAt(t),
                Waiting = run.Model.Waited(t),
                TaskSeconds = run.Stages.Sum(s => s.TimedDuration.TotalSeconds),
                Stages = [.. run.Stages.Select((stage, i) => StageFacts.Of(run, stage, status.Stages[i], t, isPredicted: estimate is not null))],
                Profile = run.Model.ToProfile(t, run.Version),
                History = [.. run.History],
                Timeline = Course(run.Timeline?.Points ?? [], latest),
            };
        }
    }

    private static List<RunTimeline.Point> Course(IReadOnlyList<RunTimeline.Point> recorded, RunTimeline.Point latest)
    {
        var completion = latest.Completion is null ? default(double?) : 0;
        var course = new List<RunTimeline.Point> { new(0, completion, null, null, null) };
        course.AddRange(recorded.Where(p => p.Seconds > 0 && p.Seconds < latest.Seconds));
        if (latest.Seconds > 0)
        {
            course.Add(latest);
        }

        return course;
    }
}
