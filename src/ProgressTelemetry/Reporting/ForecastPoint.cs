namespace ProgressTelemetry;

/// <summary>How far a run was at one moment, and what was then predicted. All times are from the run's start.</summary>
/// <param name="At">The moment.</param>
/// <param name="CompletionRatio">Completion, 0 to 1; null while the number of tasks was unknown.</param>
/// <param name="Expected">The predicted end; null while there was nothing to tell it from.</param>
/// <param name="Low">The early end of the interval meant to hold the truth four times in five.</param>
/// <param name="High">The late end of the interval.</param>
public sealed record ForecastPoint(TimeSpan At, double? CompletionRatio, TimeSpan? Expected, TimeSpan? Low, TimeSpan? High);
