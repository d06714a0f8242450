namespace ProgressTelemetry;

/// <summary>Something that holds a run up.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Stage">The stage's name; null when it isn't about one stage.</param>
/// <param name="Share">Its share of the run's duration, spent and predicted, 0 to 1.</param>
/// <param name="Evidence">What was measured, as a sentence with numbers.</param>
public sealed record ReportFinding(FindingKind Kind, string? Stage, double Share, string Evidence);
