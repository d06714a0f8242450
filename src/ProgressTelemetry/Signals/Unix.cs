namespace ProgressTelemetry.Signals;

/// <summary>Moments as metrics have them.</summary>
internal static class Unix
{
    public static double Seconds(DateTimeOffset moment) => (moment.UtcTicks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerSecond;

    public static double? Seconds(DateTimeOffset? moment) => moment is { } known ? Seconds(known) : null;
}
