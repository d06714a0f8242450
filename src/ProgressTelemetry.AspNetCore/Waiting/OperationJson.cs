namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>A status monitor of a long-running operation, in the words of Microsoft's REST API guidelines; docs/guides/long-running-operations.md compares them.</summary>
internal sealed record OperationJson
{
    public const string Succeeded = "Succeeded";

    public required string Id { get; init; }

    public required string Status { get; init; }

    /// <summary>0 to 100, rounded down; absent while the number of tasks is unknown.</summary>
    public double? PercentComplete { get; init; }

    public DateTimeOffset? CreatedDateTime { get; init; }

    public DateTimeOffset? LastActionDateTime { get; init; }

    public DateTimeOffset? ExpectedEndDateTime { get; init; }

    public DateTimeOffset? EarliestEndDateTime { get; init; }

    public DateTimeOffset? LatestEndDateTime { get; init; }

    /// <summary>Where the result is; absent until it is there.</summary>
    public string? ResourceLocation { get; init; }

    public OperationErrorJson? Error { get; init; }

    public static OperationJson Of(WorkflowStatus? status, ProgressScope scope)
    {
        if (status is null)
        {
            return new OperationJson { Id = scope.Name, Status = "Unknown" };
        }

        var name = StatusName(status.State);
        var estimate = scope.Details.HasFlag(ProgressDetails.TimeLeft) ? status.Estimate : null;
        return new OperationJson
        {
            Id = scope.Name,
            Status = name,
            PercentComplete = status.CompletionRatio is { } ratio ? Math.Floor((ratio * 1000) + 1e-9) / 10 : null,
            CreatedDateTime = status.StartedAt,
            LastActionDateTime = status.EndedAt ?? status.LastProgressAt,
            ExpectedEndDateTime = WholeSeconds(estimate?.Expected),
            EarliestEndDateTime = WholeSeconds(estimate?.Low),
            LatestEndDateTime = WholeSeconds(estimate?.High),
            ResourceLocation = name == Succeeded ? scope.ResultLocation : null,
            Error = OperationErrorJson.Of(status, scope.Details),
        };
    }

    private static string StatusName(WorkflowState state) => state switch
    {
        WorkflowState.Pending => "NotStarted",
        WorkflowState.Running or WorkflowState.Waiting or WorkflowState.Stalled => "Running",
        WorkflowState.Succeeded => Succeeded,
        WorkflowState.Cancelled => "Canceled",
        _ => "Failed",
    };

    // A forecast is no better than that, and an answer that says the same keeps its ETag.
    private static DateTimeOffset? WholeSeconds(DateTimeOffset? moment) =>
        moment is { } m ? m.AddTicks(-(m.Ticks % TimeSpan.TicksPerSecond)) : null;
}
