namespace ProgressTelemetry;

/// <summary>A stage's pace beside that of the workflow's earlier runs.</summary>
/// <param name="Factor">How many times as long a task takes; over 1 is slower.</param>
/// <param name="EarlierRuns">How many earlier runs it was compared with: those before the pace changed.</param>
/// <param name="TaskDuration">Mean duration of a task in this run; of merely counted tasks, the mean time between two.</param>
/// <param name="EarlierTaskDuration">The same in the earlier runs: their median.</param>
/// <param name="SinceVersion">The <see cref="WorkflowStatus.Version"/> with which the pace changed; null when the runs don't tell.</param>
public sealed record HistoryComparison(double Factor, int EarlierRuns, TimeSpan TaskDuration, TimeSpan EarlierTaskDuration, string? SinceVersion);
