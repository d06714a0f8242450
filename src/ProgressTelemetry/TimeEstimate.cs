namespace ProgressTelemetry;

/// <summary>When a run is expected to end: the moment, and an interval meant to hold the truth four times in five.</summary>
/// <param name="Expected">The expected end; never in the past.</param>
/// <param name="Low">The early end of the interval; not after <paramref name="Expected"/>.</param>
/// <param name="High">The late end of the interval; not before <paramref name="Expected"/>.</param>
/// <param name="Remaining">Time from now to <paramref name="Expected"/>.</param>
/// <param name="RemainingLow">Time from now to <paramref name="Low"/>.</param>
/// <param name="RemainingHigh">Time from now to <paramref name="High"/>.</param>
public sealed record TimeEstimate(
    DateTimeOffset Expected,
    DateTimeOffset Low,
    DateTimeOffset High,
    TimeSpan Remaining,
    TimeSpan RemainingLow,
    TimeSpan RemainingHigh);
