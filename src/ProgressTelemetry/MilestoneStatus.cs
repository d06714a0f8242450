namespace ProgressTelemetry;

/// <summary>A run's milestone, reached or to come.</summary>
/// <param name="Name">The milestone's name.</param>
/// <param name="CompletionRatio">The completion at which it is reached, over 0 and up to 1.</param>
/// <param name="ReachedAt">When it was reached; null while it is to come.</param>
public sealed record MilestoneStatus(string Name, double CompletionRatio, DateTimeOffset? ReachedAt);
