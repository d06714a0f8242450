namespace ProgressTelemetry.Replay;

/// <summary>What is known of a recorded run beside its events.</summary>
internal sealed record TraceFacts
{
    public string? Name { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public WorkflowResult? Result { get; init; }

    public required int Tasks { get; init; }

    public required int UnfinishedTasks { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>By stage, how many tasks the run knew of and never came to.</summary>
    public required Dictionary<string, int> Unreached { get; init; }
}
