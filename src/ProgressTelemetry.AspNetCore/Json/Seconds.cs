namespace ProgressTelemetry.AspNetCore.Json;

/// <summary>Lengths of time as JSON has them: seconds, to the millisecond.</summary>
internal static class Seconds
{
    public static double Of(TimeSpan time) => Math.Round(time.TotalSeconds, 3);

    public static double? Of(TimeSpan? time) => time is { } known ? Of(known) : null;
}
