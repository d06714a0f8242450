namespace ProgressTelemetry;

/// <summary>Something worth doing for the next run; made only where a measurement carries it.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Stage">The stage's name; null when it isn't about one stage.</param>
/// <param name="Action">What to do, and what it would bring, as a sentence.</param>
/// <param name="Evidence">What was measured, as a sentence with numbers.</param>
/// <param name="ExpectedGain">The share of the run's duration, 0 to 1, by which it would shorten a run like this one.</param>
public sealed record Recommendation(FindingKind Kind, string? Stage, string Action, string Evidence, double ExpectedGain);
