namespace ProgressTelemetry.AspNetCore.Json;

internal sealed record StageJson
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    public required WorkflowState State { get; init; }

    public WorkflowResult? Result { get; init; }

    public double? CompletionRatio { get; init; }

    public required long CompletedTasks { get; init; }

    public long? ExpectedTasks { get; init; }

    public required long FailedTasks { get; init; }

    public required long SkippedTasks { get; init; }

    public required long RunningTasks { get; init; }

    public required long Revisions { get; init; }

    public required int Attempts { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required double WallTimeSeconds { get; init; }

    public required double WaitTimeSeconds { get; init; }

    public double? AverageTaskDurationSeconds { get; init; }

    public required IReadOnlyDictionary<string, long> Items { get; init; }

    public static StageJson From(StageStatus stage) => new()
    {
        Index = stage.Index,
        Name = stage.Name,
        State = stage.State,
        Result = stage.Result,
        CompletionRatio = stage.CompletionRatio,
        CompletedTasks = stage.CompletedTasks,
        ExpectedTasks = stage.ExpectedTasks,
        FailedTasks = stage.FailedTasks,
        SkippedTasks = stage.SkippedTasks,
        RunningTasks = stage.RunningTasks,
        Revisions = stage.Revisions,
        Attempts = stage.Attempts,
        StartedAt = stage.StartedAt,
        EndedAt = stage.EndedAt,
        WallTimeSeconds = Seconds.Of(stage.WallTime),
        WaitTimeSeconds = Seconds.Of(stage.WaitTime),
        AverageTaskDurationSeconds = Seconds.Of(stage.AverageTaskDuration),
        Items = stage.Items,
    };
}
