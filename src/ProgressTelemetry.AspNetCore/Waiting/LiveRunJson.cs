namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>What the holder of a token sees of a run: what its scope shows, and no more.</summary>
internal sealed record LiveRunJson
{
    /// <summary>What a state is called while nobody knows of the run: it has not started, or its process has gone and has not come back.</summary>
    private const string Unknown = "unknown";

    public required string State { get; init; }

    public required DateTimeOffset AsOf { get; init; }

    public string? RunId { get; init; }

    public string? Workflow { get; init; }

    public string? TraceId { get; init; }

    public string? ErrorType { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public TimeSpan? Elapsed { get; init; }

    public double? CompletionRatio { get; init; }

    public long? CompletedTasks { get; init; }

    public long? ExpectedTasks { get; init; }

    public TimeEstimate? Estimate { get; init; }

    public IReadOnlyList<LiveStageJson>? Stages { get; init; }

    public static LiveRunJson Of(WorkflowStatus? status, ProgressDetails details, DateTimeOffset now)
    {
        if (status is null)
        {
            return new LiveRunJson { State = Unknown, AsOf = now };
        }

        return new LiveRunJson
        {
            State = StateName(status.State),
            AsOf = status.AsOf,
            StartedAt = status.StartedAt,
            EndedAt = status.EndedAt,
            Elapsed = status.Elapsed,
            CompletionRatio = status.CompletionRatio,
            CompletedTasks = Shows(ProgressDetails.Tasks) ? status.CompletedTasks : null,
            ExpectedTasks = Shows(ProgressDetails.Tasks) ? status.ExpectedTasks : null,
            Estimate = Shows(ProgressDetails.TimeLeft) ? status.Estimate : null,
            Stages = Shows(ProgressDetails.Stages) ? [.. status.Stages.Select(LiveStageJson.Of)] : null,
            Workflow = Shows(ProgressDetails.Workflow) ? status.Workflow : null,
            ErrorType = Shows(ProgressDetails.ErrorType) ? status.ErrorType : null,
            RunId = Shows(ProgressDetails.RunId) ? status.RunId : null,
            TraceId = Shows(ProgressDetails.TraceId) ? status.TraceId : null,
        };

        bool Shows(ProgressDetails detail) => details.HasFlag(detail);
    }

    internal static string StateName(WorkflowState state) => state.ToString().ToLowerInvariant();
}
