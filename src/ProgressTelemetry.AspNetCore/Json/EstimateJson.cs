namespace ProgressTelemetry.AspNetCore.Json;

internal sealed record EstimateJson(
    DateTimeOffset ExpectedEnd,
    DateTimeOffset LowEnd,
    DateTimeOffset HighEnd,
    double RemainingSeconds,
    double RemainingLowSeconds,
    double RemainingHighSeconds)
{
    public static EstimateJson From(TimeEstimate estimate) => new(
        estimate.Expected,
        estimate.Low,
        estimate.High,
        Seconds.Of(estimate.Remaining),
        Seconds.Of(estimate.RemainingLow),
        Seconds.Of(estimate.RemainingHigh));
}
