using System.Globalization;

namespace ProgressTelemetry.Shared.Terminal;

/// <summary>Durations as people say them: two units at most, no false precision.</summary>
internal static class DurationText
{
    public static string Of(TimeSpan time) => time switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.TotalSeconds):0.0} s"),
        { TotalSeconds: < 59.5 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalMinutes: < 60 } => $"{(int)time.TotalMinutes} min {time.Seconds:00} s",
        { TotalHours: < 24 } => $"{(int)time.TotalHours} h {time.Minutes:00} min",
        _ => $"{(int)time.TotalDays} d {time.Hours:00} h",
    };

    /// <summary>The time left with its interval; empty when nothing is known.</summary>
    public static string Left(TimeEstimate? estimate) =>
        estimate is null ? "" : $"{Of(estimate.Remaining)} left ({Of(estimate.RemainingLow)} to {Of(estimate.RemainingHigh)})";
}
