using ProgressTelemetry.Tracking;

namespace ProgressTelemetry.Reporting;

/// <summary>What a report is made from, of one stage. Times in seconds, from the run's start.</summary>
internal sealed record StageFacts
{
    public required StageStatus Status { get; init; }

    public IReadOnlyList<string> DependsOn { get; init; } = [];

    public IReadOnlyList<StageSpan> Attempts { get; init; } = [];

    public IReadOnlyList<StageSpan> Waits { get; init; } = [];

    public double Wall { get; init; }

    public double RemainingWall { get; init; }

    /// <summary>Mean seconds a task, as profiles have it; null while too little has happened to tell.</summary>
    public double? TaskSeconds { get; init; }

    public string Name => Status.Name;

    public static StageFacts Of(RunState run, StageState stage, StageStatus status, double t, bool isPredicted)
    {
        return new StageFacts
        {
            Status = status,
            DependsOn = stage.DependsOn,
            Attempts = Spans(stage.Course.Attempts),
            Waits = Spans(stage.Course.Waits),
            // Sums of many small parts may come out just under zero.
            Wall = Math.Max(0, run.Model.WallAt(stage.Model, t)),
            RemainingWall = isPredicted ? run.Model.RemainingWall(stage.Model) : 0,
            TaskSeconds = Pace(),
        };

        // Of a stage's first task, timed or merely counted, only its end tells how long it took.
        double? Pace() => status.CompletedTasks == 0 ? null
            : status.AverageTaskDuration is { } timed ? timed.TotalSeconds
            : stage.Model.ActiveAtCounted / status.CompletedTasks;

        IReadOnlyList<StageSpan> Spans(IReadOnlyList<StageCourse.Span> spans) =>
            [.. spans.Select(s => new StageSpan(run.Clock.Elapsed(run.StartedAt, s.Start), s.End is { } end ? run.Clock.Elapsed(run.StartedAt, end) : null, s.Result))];
    }
}
