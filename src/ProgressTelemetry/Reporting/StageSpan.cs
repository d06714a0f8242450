namespace ProgressTelemetry;

/// <summary>A stretch of a stage's time: an attempt at it, or a declared wait.</summary>
/// <param name="Start">Time from the run's start to its beginning.</param>
/// <param name="End">Time from the run's start to its end; null while it lasts.</param>
/// <param name="Result">How the attempt ended; null while it lasts, and for a wait.</param>
public sealed record StageSpan(TimeSpan Start, TimeSpan? End, WorkflowResult? Result);
