namespace ProgressTelemetry.Runs;

/// <summary>How and when a run ended.</summary>
internal sealed record RunEnd(WorkflowResult Result, string? ErrorType, DateTimeOffset At);
